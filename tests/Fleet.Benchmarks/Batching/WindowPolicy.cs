using System.Threading.Channels;
using Fleet.Silo.Transcription;

namespace Fleet.Benchmarks.Batching;

/// <summary>
/// What other servers do: a batch leaves when it has so many, or so long after its first one, as soon as a call may be made; with no time it takes whatever is there
/// when a place gets free (a window of one: one a call). Failures are not tried again.
/// </summary>
internal sealed class WindowPolicy : IPolicy
{
    private const int Waiting = 100_000;

    private readonly Channel<Spoken> _waiting = Channel.CreateBounded<Spoken>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly ScoringClient _client;
    private readonly SemaphoreSlim _places;
    private readonly Action<Guid, bool> _done;
    private readonly int _most;
    private readonly TimeSpan _window;
    private readonly Task _loop;

    /// <param name="target">The endpoint.</param>
    /// <param name="most">Utterances in a call.</param>
    /// <param name="window">How long the first one waits for others.</param>
    /// <param name="inFlight">Calls at a time.</param>
    /// <param name="done">Told of each.</param>
    public WindowPolicy(ScoringTarget target, int most, TimeSpan window, int inFlight, Action<Guid, bool> done)
    {
        _client = Clients.Create(target);
        (_most, _window, _done, _places) = (most, window, done, new SemaphoreSlim(inFlight));
        _loop = Task.Run(RunAsync);
    }

    public void Say(Spoken utterance) => _waiting.Writer.TryWrite(utterance);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(_stop.Token))
            {
                List<Spoken> batch = [];
                if (_window > TimeSpan.Zero)
                {
                    await FillAsync(batch);
                }

                await _places.WaitAsync(_stop.Token);
                while (batch.Count < _most && _waiting.Reader.TryRead(out var next))
                {
                    batch.Add(next);
                }

                _ = Task.Run(() => CallAsync(batch));
            }
        }
        catch (OperationCanceledException)
        {
            // The load is over.
        }
    }

    private async Task FillAsync(List<Spoken> batch)
    {
        using var over = new CancellationTokenSource(_window, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, _stop.Token);
        try
        {
            while (batch.Count < _most)
            {
                batch.Add(await _waiting.Reader.ReadAsync(either.Token));
            }
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            // The window is over.
        }
    }

    private async Task CallAsync(List<Spoken> batch)
    {
        try
        {
            var result = await _client.ScoreAsync([.. batch.Select(static one => new ScoreInput(one.Id, one.Pcm))], Guid.NewGuid().ToString("N"), _stop.Token);
            for (var i = 0; i < batch.Count; i++)
            {
                _done(batch[i].Id, result.IsAnswer && result.Items[i].Outcome == ScoreOutcome.Recognised);
            }
        }
        catch (OperationCanceledException)
        {
            // The load is over.
        }
        finally
        {
            _places.Release();
        }
    }
}
