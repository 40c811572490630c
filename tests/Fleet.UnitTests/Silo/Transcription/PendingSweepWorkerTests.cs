using Fleet.Silo.Ingest;
using Fleet.Silo.Membership;
using Fleet.Silo.Telemetry;
using Fleet.Silo.Transcription;
using Fleet.Storage;
using Fleet.Testing.Time;
using Fleet.UnitTests.Silo.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Fleet.UnitTests.Silo.Transcription;

public sealed class PendingSweepWorkerTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeUtteranceStore _store = new();
    private readonly AudioMemory _memory = new(Options.Create(new IngestOptions()));
    private readonly SiloStatus _status = new(Options.Create(new SiloOptions()));
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TranscriptionQueue _queue;
    private readonly ResultWriter _results;
    private readonly PendingSweepWorker _sut;

    public PendingSweepWorkerTests()
    {
        var options = Options.Create(new ScoringOptions());
        _queue = new TranscriptionQueue(
            _memory, new FleetInstruments(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()), options, _time);
        _results = new ResultWriter(_store, _queue, new NoFleet(), _time, NullLogger<ResultWriter>.Instance);
        _sut = new PendingSweepWorker(_store, _queue, _results, _memory, _status, options, _time, NullLogger<PendingSweepWorker>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _sut.StopAsync(CancellationToken.None);
        _sut.Dispose();
        _results.Dispose();
        _status.Dispose();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Owned_ButUnknownAtTwoLooks_IsGivenBackAndNothingElse()
    {
        var (lost, known, brief) = (Key(), Key(), Key());
        _queue.TryAdd(new JobKey(known, 7, 1), PooledAudio.CopyOf(new byte[320], _memory)).ShouldBeTrue();
        _store.Owned = [new OwnedUtterance(lost, 3), new OwnedUtterance(known, 1), new OwnedUtterance(brief, 1)];
        _status.SetMember(7);

        await _sut.StartAsync(CancellationToken.None);
        await _time.WaitForTimersAsync(1);
        _store.Released.ShouldBeEmpty();
        // Its result was written, and another one has come.
        _store.Owned = [new OwnedUtterance(lost, 3), new OwnedUtterance(known, 1), new OwnedUtterance(Key(), 1)];
        _time.Advance(TimeSpan.FromSeconds(15));
        await _time.WaitForTimersAsync(1);

        _store.Released.ShouldBe([lost]);
    }

    private static UtteranceKey Key() => new("pi", Guid.NewGuid());
}
