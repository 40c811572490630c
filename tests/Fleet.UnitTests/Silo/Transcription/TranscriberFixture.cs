using Fleet.Silo.Ingest;
using Fleet.Silo.Telemetry;
using Fleet.Silo.Transcription;
using Fleet.Storage;
using Fleet.Testing.Time;
using Fleet.UnitTests.Silo.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Fleet.UnitTests.Silo.Transcription;

/// <summary>The transcriber with an endpoint, a database and a clock of the test.</summary>
internal sealed class TranscriberFixture : IAsyncDisposable
{
    private static readonly TimeSpan _step = TimeSpan.FromSeconds(10);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ResultWriter _results;

    public TranscriberFixture(ScoringOptions? options = null)
    {
        var settings = Options.Create(options ?? new ScoringOptions { MaxAttempts = 5, GiveUpAfterSeconds = 300, QueueUtterances = 64 });
        var instruments = new FleetInstruments(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        Queue = new TranscriptionQueue(Memory, instruments, settings, Time);
        _results = new ResultWriter(Store, Queue, new NoFleet(), Time, NullLogger<ResultWriter>.Instance);
        Deployments = new ScoringDeployments(Client, instruments, settings, Time, NullLoggerFactory.Instance);
        var caller = new BatchCaller(
            Deployments, new JobSettler(Queue, _results, instruments, settings, Time, NullLogger<JobSettler>.Instance), instruments, settings, Time, NullLogger<BatchCaller>.Instance);
        Worker = new TranscriptionWorker(Queue, Deployments, caller, instruments, settings, Time);
    }

    public FakeTimeProvider Time { get; } = new();

    public FakeUtteranceStore Store { get; } = new();

    public FakeScoringClient Client { get; } = new();

    public AudioMemory Memory { get; } = new(Options.Create(new IngestOptions()));

    public TranscriptionQueue Queue { get; }

    public ScoringDeployments Deployments { get; }

    public TranscriptionWorker Worker { get; }

    public async ValueTask DisposeAsync()
    {
        await Worker.StopAsync(CancellationToken.None);
        await _results.StopAsync(CancellationToken.None);
        Worker.Dispose();
        _results.Dispose();
        Deployments.Dispose();
        await _services.DisposeAsync();
    }

    public async Task StartAsync()
    {
        await _results.StartAsync(CancellationToken.None);
        await Worker.StartAsync(CancellationToken.None);
    }

    /// <summary>Utterances that were just spoken, or so long ago.</summary>
    public List<Guid> Add(int count, TimeSpan ago = default, string device = "pi")
    {
        List<Guid> ids = [.. Enumerable.Range(0, count).Select(_ => Guid.NewGuid())];
        foreach (var id in ids)
        {
            Queue.TryAdd(new JobKey(new UtteranceKey(device, id), 1, 1), PooledAudio.CopyOf(new byte[320], Memory), Time.GetUtcNow() - ago).ShouldBeTrue();
        }

        return ids;
    }

    /// <summary>The next that is written, without a millisecond passing.</summary>
    public Task<TranscriptResult> NextAsync() => Store.Completed.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));

    /// <summary>Lets time pass, in such steps, until it is so.</summary>
    public async Task UntilAsync(Func<bool> isSo, TimeSpan step)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!isSo())
        {
            // Whoever was woken has its turn first.
            for (var i = 0; i < 100 && !isSo(); i++)
            {
                await Task.Yield();
            }

            late.Token.ThrowIfCancellationRequested();
            if (!isSo() && Time.ArmedTimers > 0)
            {
                Time.Advance(step);
            }
        }
    }

    /// <summary>Lets time pass until so many are written.</summary>
    public async Task<List<TranscriptResult>> EndsAsync(int count)
    {
        var ends = new List<TranscriptResult>();
        while (ends.Count < count)
        {
            var next = Store.Completed.Reader.WaitToReadAsync().AsTask();
            await Task.WhenAny(next, Time.WaitForTimersAsync(1)).WaitAsync(TimeSpan.FromSeconds(10));
            if (Store.Completed.Reader.TryRead(out var end))
            {
                ends.Add(end);
            }
            else
            {
                Time.Advance(_step);
            }
        }

        return ends;
    }
}
