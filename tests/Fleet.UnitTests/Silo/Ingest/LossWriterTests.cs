using System.Threading.Channels;
using Fleet.Silo.Ingest;
using Fleet.Silo.Membership;
using Fleet.Silo.Telemetry;
using Fleet.Storage;
using Fleet.Testing.Time;
using Fleet.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Fleet.UnitTests.Silo.Ingest;

public sealed class LossWriterTests : IAsyncLifetime, IDisposable
{
    private readonly FakeUtteranceStore _store = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeOrigin _origin = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SiloStatus _status = new(Options.Create(new SiloOptions()));
    private readonly LossWriter _sut;

    public LossWriterTests()
    {
        _sut = new LossWriter(
            _store, _status, new FleetInstruments(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()),
            Options.Create(new IngestOptions { CommitMaxUtterances = 4, CommitQueueUtterances = 16 }), _time, NullLogger<LossWriter>.Instance);
    }

    public Task InitializeAsync() => _sut.StartAsync(CancellationToken.None);

    public Task DisposeAsync() => _sut.StopAsync(CancellationToken.None);

    public void Dispose()
    {
        _sut.Dispose();
        _status.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Group_IsOneTransactionOfLossesAndEachIsAnswered()
    {
        _store.FailNext(1);
        _sut.TryEnqueue(NewLoss()).ShouldBeTrue();
        _sut.TryEnqueue(NewLoss()).ShouldBeTrue();
        _status.SetMember(1);

        await _time.WaitForTimersAsync(1);
        _origin.Answers.Reader.TryRead(out _).ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(100));

        (await AnswerAsync()).Outcome.ShouldBe(StoreOutcome.Stored);
        (await AnswerAsync()).Outcome.ShouldBe(StoreOutcome.Stored);
        _store.Losses.Select(group => group.Count).ShouldBe([2, 2]);
        _store.Groups.ShouldBeEmpty();
        _sut.UnansweredCount.ShouldBe(0);
    }

    private PendingLoss NewLoss() => new(
        new NewLoss(
            "pi", Guid.CreateVersion7(_time.GetUtcNow()), 1, 1, _time.GetUtcNow(), Clock.Server, Trigger.Vad, UtteranceLost.Types.Reason.SpoolFull, null, 0),
        _origin,
        _time.GetTimestamp());

    private async Task<StoreResult> AnswerAsync()
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        return await _origin.Answers.Reader.ReadAsync(late.Token);
    }

    private sealed class FakeOrigin : ILossOrigin
    {
        public Channel<StoreResult> Answers { get; } = Channel.CreateBounded<StoreResult>(100);

        public void OnAnswer(PendingLoss loss, StoreResult result) => Answers.Writer.TryWrite(result).ShouldBeTrue();
    }
}
