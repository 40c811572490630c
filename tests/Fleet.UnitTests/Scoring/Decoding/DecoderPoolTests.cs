using System.Diagnostics.Metrics;
using Fleet.Audio;
using Fleet.Scoring.Configuration;
using Fleet.Scoring.Decoding;
using Fleet.Scoring.Engines;
using Fleet.Testing.Time;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Fleet.UnitTests.Scoring.Decoding;

/// <summary>The pool with an engine that answers when the test lets it.</summary>
public sealed class DecoderPoolTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Decode_BatchOfOtherRequests_GivesEachItsOwnInOrder()
    {
        using var engine = new GatedEngine(maxBatch: 8);
        using var sut = await StartAsync(engine);
        var blocker = DecodeAsync(sut, [new short[1]], null, CancellationToken.None);
        var first = await engine.NextAsync();
        var one = DecodeAsync(sut, [new short[30], new short[10]], null, CancellationToken.None);
        var other = DecodeAsync(sut, [new short[20]], null, CancellationToken.None);

        first.Finish();
        var batch = await engine.NextAsync();
        batch.Finish();

        batch.Lengths.Order().ShouldBe([10, 20, 30]);
        (await one).Select(heard => heard?.Text).ShouldBe(["30", "10"]);
        (await other).Select(heard => heard?.Text).ShouldBe(["20"]);
        (await blocker).Single()?.Text.ShouldBe("1");
    }

    [Fact]
    public async Task Decode_OneOfABatchThatFails_SpoilsOnlyItself()
    {
        using var engine = new GatedEngine(maxBatch: 8);
        using var sut = await StartAsync(engine);
        var decoding = DecodeAsync(sut, [new short[GatedEngine.Poison], new short[20]], null, CancellationToken.None);

        // Both together, then each alone.
        for (var i = 0; i < 3; i++)
        {
            (await engine.NextAsync()).Finish();
        }

        (await decoding).Select(heard => heard?.Text).ShouldBe([null, "20"]);
    }

    [Fact]
    public async Task Decode_AfterAFailure_HasANewRecogniser()
    {
        using var engine = new GatedEngine();
        using var sut = await StartAsync(engine);
        var failing = DecodeAsync(sut, [new short[GatedEngine.Poison]], null, CancellationToken.None);
        (await engine.NextAsync()).Finish();
        (await failing).ShouldBe([null]);

        var next = DecodeAsync(sut, [new short[5]], null, CancellationToken.None);
        (await engine.NextAsync()).Finish();

        (await next).Single()?.Text.ShouldBe("5");
        engine.Loaded.ShouldBe(2);
    }

    [Fact]
    public async Task Decode_TimeIsUpWhileItWaits_NeverStarts()
    {
        using var engine = new GatedEngine();
        using var sut = await StartAsync(engine);
        using var impatience = new CancellationTokenSource();
        var running = DecodeAsync(sut, [new short[1]], null, CancellationToken.None);
        var call = await engine.NextAsync();
        var waiting = DecodeAsync(sut, [new short[2]], null, impatience.Token);

        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        var last = DecodeAsync(sut, [new short[3]], null, CancellationToken.None);
        call.Finish();

        await running;
        var next = await engine.NextAsync();
        next.Lengths.ShouldBe([3]);
        next.Finish();
        await last;
    }

    [Fact]
    public async Task Decode_TimeIsUpWhileItRuns_EngineIsToldToStop()
    {
        using var engine = new GatedEngine();
        using var sut = await StartAsync(engine);
        using var impatience = new CancellationTokenSource();
        var running = DecodeAsync(sut, [new short[1]], null, impatience.Token);
        _ = await engine.NextAsync();

        await impatience.CancelAsync();

        // Nobody lets it finish: the worker is free since the engine stopped.
        await Should.ThrowAsync<OperationCanceledException>(running);
        var next = DecodeAsync(sut, [new short[2]], null, CancellationToken.None);
        (await engine.NextAsync()).Finish();
        (await next).Single()?.Text.ShouldBe("2");
        engine.Loaded.ShouldBe(1);
    }

    [Fact]
    public async Task Decode_OneOfTwoRequestsInABatchGone_TheOtherGetsItsText()
    {
        using var engine = new GatedEngine(maxBatch: 8);
        using var sut = await StartAsync(engine);
        using var impatience = new CancellationTokenSource();
        var blocker = DecodeAsync(sut, [new short[1]], null, CancellationToken.None);
        var first = await engine.NextAsync();
        var gone = DecodeAsync(sut, [new short[2]], null, impatience.Token);
        var stays = DecodeAsync(sut, [new short[3]], null, CancellationToken.None);
        first.Finish();
        var batch = await engine.NextAsync();

        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(gone);
        batch.Finish();

        (await stays).Single()?.Text.ShouldBe("3");
        await blocker;
    }

    [Fact]
    public async Task TryEnter_WorkerInWorkThatCannotBeStopped_CountsAsBusy()
    {
        using var engine = new GatedEngine(canStop: false);
        using var sut = await StartAsync(engine, queueLength: 0);
        using var impatience = new CancellationTokenSource();
        sut.TryEnter().ShouldBeTrue();
        var running = DecodeAsync(sut, [new short[1]], null, impatience.Token);
        var call = await engine.NextAsync();

        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
        sut.Leave();

        sut.TryEnter().ShouldBeFalse("its one worker is still in the recording that was given up");
        call.Finish();
        var next = DecodeAsync(sut, [new short[2]], null, CancellationToken.None);
        (await engine.NextAsync()).Finish();
        await next;
        sut.TryEnter().ShouldBeTrue();
    }

    [Fact]
    public async Task IsReady_BeforeLoadingAndWhenStopping_IsFalse()
    {
        using var engine = new GatedEngine();
        using var lifetime = new Lifetime();
        using var meters = new Meters();
        using var instruments = new ScoringInstruments(meters);
        using var sut = Create(engine, lifetime, instruments, queueLength: 1);
        sut.IsReady.ShouldBeFalse();

        await sut.StartAsync(CancellationToken.None);
        await sut.Loaded.WaitAsync(TimeSpan.FromSeconds(30));
        sut.IsReady.ShouldBeTrue();
        lifetime.StopApplication();

        sut.IsReady.ShouldBeFalse();
    }

    [Fact]
    public async Task DecodeEach_TimeIsUpInTheMiddle_KeepsWhatIsDone()
    {
        using var engine = new GatedEngine();
        using var sut = await StartAsync(engine);
        using var impatience = new CancellationTokenSource();
        var decoding = sut.DecodeEachAsync([new short[30], new short[10], new short[20]], null, impatience.Token);
        (await engine.NextAsync()).Finish();
        _ = await engine.NextAsync();

        await impatience.CancelAsync();

        var each = await decoding;
        each.Select(one => one.Status).ShouldBe([TaskStatus.Canceled, TaskStatus.RanToCompletion, TaskStatus.Canceled]);
        (await each[1])?.Text.ShouldBe("10");
    }

    private static async Task<IReadOnlyList<Recognition?>> DecodeAsync(
        DecoderPool sut, IReadOnlyList<ReadOnlyMemory<short>> recordings, string? requestId, CancellationToken cancellationToken) =>
        await Task.WhenAll(await sut.DecodeEachAsync(recordings, requestId, cancellationToken));

    private async Task<DecoderPool> StartAsync(GatedEngine engine, int queueLength = 10)
    {
        var pool = Create(engine, new Lifetime(), new ScoringInstruments(new Meters()), queueLength);
        await pool.StartAsync(CancellationToken.None);
        await pool.Loaded.WaitAsync(TimeSpan.FromSeconds(30));
        return pool;
    }

    private DecoderPool Create(GatedEngine engine, IHostApplicationLifetime lifetime, ScoringInstruments instruments, int queueLength) => new(
        Options.Create(new ScoringServerOptions { Workers = 1, QueueLength = queueLength, MaxBatchSeconds = 30 }),
        new SpeechEngineSource(() => engine),
        instruments,
        _time,
        lifetime,
        NullLogger<DecoderPool>.Instance);

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
            // Each meter is its owner's.
        }
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }
}
