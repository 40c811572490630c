using Fleet.Contracts.Actors;
using Fleet.Silo.Ingest;
using Fleet.Silo.Telemetry;
using Fleet.Silo.Transcription;
using Fleet.Storage;
using Fleet.Testing.Time;
using Fleet.UnitTests.Silo.Ingest;
using Fleet.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Fleet.UnitTests.Silo.Transcription;

/// <summary>What becomes of an utterance that the endpoint fails at, over hours of a clock that only the test moves.</summary>
public sealed class TranscriptionWorkerTests : IAsyncDisposable
{
    private static readonly TimeSpan _step = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeUtteranceStore _store = new();
    private readonly FakeScoringClient _client = new();
    private readonly AudioMemory _memory = new(Options.Create(new IngestOptions()));
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TranscriptionQueue _queue;
    private readonly ResultWriter _results;
    private readonly EndpointCanary _canary;
    private readonly TranscriptionWorker _sut;

    public TranscriptionWorkerTests()
    {
        var options = Options.Create(new ScoringOptions { MaxInFlight = 2, MaxAttempts = 5, GiveUpAfterSeconds = 300, QueueUtterances = 16 });
        var instruments = new FleetInstruments(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        _queue = new TranscriptionQueue(_memory, instruments, options, _time);
        _results = new ResultWriter(_store, new NoFleet(), _time, NullLogger<ResultWriter>.Instance);
        _canary = new EndpointCanary(_client, _time);
        _sut = new TranscriptionWorker(
            _queue, _client, _results, new EndpointGate(options, _time, NullLogger<EndpointGate>.Instance), _canary, instruments, options, _time,
            NullLogger<TranscriptionWorker>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _sut.StopAsync(CancellationToken.None);
        await _results.StopAsync(CancellationToken.None);
        _sut.Dispose();
        _results.Dispose();
        _canary.Dispose();
        await _services.DisposeAsync();
    }

    [Theory]
    [InlineData(nameof(ScoreOutcome.Failed))]
    [InlineData(nameof(ScoreOutcome.Refused))]
    [InlineData(nameof(ScoreOutcome.Away))]
    public async Task Outage_OfSixHours_EndsNothingAsFailed(string outage)
    {
        var back = _time.GetUtcNow().AddHours(6);
        _client.Answer = _ => _time.GetUtcNow() < back ? new ScoreResult(Enum.Parse<ScoreOutcome>(outage)) { Reason = "down" } : Heard("at last");
        Add(3);
        await StartAsync();

        var ends = await EndsAsync(3);

        ends.ShouldAllBe(end => end.Status == UtteranceStatus.Transcribed && end.Text == "at last");
        _time.GetUtcNow().ShouldBeGreaterThanOrEqualTo(back);
        _memory.HeldBytes.ShouldBe(0);
    }

    [Fact]
    public async Task Endpoint_ComesAndGoesForHours_EndsNothingAsFailed()
    {
        // All calls fail but for half of the canary's: nothing says that the endpoint works for long.
        var random = new Random(4711);
        var back = _time.GetUtcNow().AddHours(2);
        _client.Answer = id => _time.GetUtcNow() < back && (id != EndpointCanary.Id || random.Next(2) == 0) ? ScoreResult.Failed("500") : Heard("at last");
        Add(1);
        await StartAsync();

        var ends = await EndsAsync(1);

        ends.ShouldAllBe(end => end.Status == UtteranceStatus.Transcribed);
    }

    [Fact]
    public async Task Utterance_ThatAloneFails_IsGivenUpAfterFiveMinutesWithoutAnyOther()
    {
        var started = _time.GetUtcNow();
        _client.Answer = id => id == EndpointCanary.Id ? Heard("") : ScoreResult.Failed("The endpoint answered 500: boom");
        Add(1);
        await StartAsync();

        var end = (await EndsAsync(1)).ShouldHaveSingleItem();

        end.Status.ShouldBe(UtteranceStatus.Failed);
        end.Reason.ShouldBe("The endpoint answered 500: boom");
        (_time.GetUtcNow() - started).ShouldBeInRange(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(6));
        _memory.HeldBytes.ShouldBe(0);
    }

    [Fact]
    public async Task Utterances_ThatFail_DoNotHoldUpTheOthers()
    {
        // More of them than there are callers.
        var poisoned = Add(6);
        _client.Answer = id => poisoned.Contains(id) ? ScoreResult.Failed("500") : Heard("fine");
        await StartAsync();
        await _time.WaitForTimersAsync(6);

        var good = Add(1).Single();

        // Not a millisecond has passed.
        (await _store.Completed.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10))).Key.UtteranceId.ShouldBe(good);
    }

    private static ScoreResult Heard(string text) => new(ScoreOutcome.Recognised) { Text = text };

    private async Task StartAsync()
    {
        await _results.StartAsync(CancellationToken.None);
        await _sut.StartAsync(CancellationToken.None);
    }

    private HashSet<Guid> Add(int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.NewGuid()).ToHashSet();
        foreach (var id in ids)
        {
            _queue.TryAdd(new JobKey(new UtteranceKey("pi", id), 1, 1), PooledAudio.CopyOf(new byte[320], _memory)).ShouldBeTrue();
        }

        return ids;
    }

    private async Task<List<TranscriptResult>> EndsAsync(int count)
    {
        var ends = new List<TranscriptResult>();
        while (ends.Count < count)
        {
            var next = _store.Completed.Reader.WaitToReadAsync().AsTask();
            await Task.WhenAny(next, _time.WaitForTimersAsync(1)).WaitAsync(TimeSpan.FromSeconds(10));
            if (_store.Completed.Reader.TryRead(out var end))
            {
                ends.Add(end);
            }
            else
            {
                _time.Advance(_step);
            }
        }

        return ends;
    }

    private sealed class FakeScoringClient : IScoringClient
    {
        private readonly Lock _lock = new();

        public Func<Guid, ScoreResult> Answer { get; set; } = _ => Heard("");

        public Task<ScoreResult> ScoreAsync(Guid utteranceId, ReadOnlyMemory<byte> pcm, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                return Task.FromResult(Answer(utteranceId));
            }
        }
    }

    private sealed class NoFleet : IFleet
    {
        public IDevice GetDevice(string deviceId) => throw new InvalidOperationException("No device is there.");

        public ValueTask<IReadOnlyList<DevicePresence>> ListLocalAsync() => ListActiveAsync();

        public ValueTask<IReadOnlyList<DevicePresence>> ListActiveAsync() => ValueTask.FromResult<IReadOnlyList<DevicePresence>>([]);
    }
}
