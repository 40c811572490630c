using System.Threading.Channels;
using Fleet.Audio;
using Fleet.Scoring.Engines;

namespace Fleet.UnitTests.Scoring.Decoding;

/// <summary>An engine that says when it is given work and answers when it is let: a text is the number of its samples.</summary>
internal sealed class GatedEngine(int maxBatch = 1, bool canStop = true) : ISpeechEngine
{
    /// <summary>A recording of so many samples makes it fail.</summary>
    public const int Poison = 13;

    private readonly Channel<Call> _calls = Channel.CreateBounded<Call>(100);

    public string Name => "gated";

    public string ModelName => "none";

    public int MaxBatch => maxBatch;

    public int Loaded { get; private set; }

    public int BucketOf(int samples) => 0;

    public IRecogniser CreateRecogniser()
    {
        Loaded++;
        return new Recogniser(this);
    }

    /// <summary>The next call of the engine.</summary>
    public async Task<Call> NextAsync() => await _calls.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public bool HasCalls => _calls.Reader.Count > 0;

    public void Dispose()
    {
        // Nothing is held.
    }

    internal sealed class Call(IReadOnlyList<int> lengths) : IDisposable
    {
        private readonly ManualResetEventSlim _open = new();

        public IReadOnlyList<int> Lengths { get; } = lengths;

        public void Finish() => _open.Set();

        internal void Wait(CancellationToken cancellationToken) => _open.Wait(TimeSpan.FromSeconds(30), cancellationToken);

        public void Dispose() => _open.Dispose();
    }

    private sealed class Recogniser(GatedEngine engine) : IRecogniser
    {
        public IReadOnlyList<Recognition> Recognise(IReadOnlyList<ReadOnlyMemory<short>> recordings, CancellationToken cancellationToken)
        {
            var call = new Call([.. recordings.Select(recording => recording.Length)]);
            engine._calls.Writer.TryWrite(call).ShouldBeTrue();
            call.Wait(engine.CanStop ? cancellationToken : CancellationToken.None);
            return call.Lengths.Contains(Poison)
                ? throw new InvalidOperationException("poisoned")
                : [.. call.Lengths.Select(length => new Recognition(length.ToString(System.Globalization.CultureInfo.InvariantCulture), 1, TimeSpan.Zero))];
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }

    private bool CanStop => canStop;
}
