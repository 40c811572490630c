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

public sealed class UtteranceWriterTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(10);

    private readonly FakeUtteranceStore _store = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeOrigin _origin = new();
    private readonly FakeQueue _transcription = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SiloStatus _status = new(Options.Create(new SiloOptions()));
    private readonly IOptions<IngestOptions> _options = Options.Create(new IngestOptions
    {
        CommitMaxUtterances = 4, CommitMaxBytes = 64 * 1024, CommitQueueUtterances = 16, MaxTotalAudioBytes = 64 * 1024 * 1024,
    });

    private readonly AudioMemory _memory;
    private readonly UtteranceWriter _sut;

    public UtteranceWriterTests()
    {
        _memory = new AudioMemory(_options);
        _sut = new UtteranceWriter(
            _store, _transcription, _memory, _status, new FleetInstruments(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()), _options, _time,
            NullLogger<UtteranceWriter>.Instance);
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
    public async Task DatabaseAway_HealthSaysSoUntilItIsBack()
    {
        _store.FailNext(2);
        _status.SetMember(1);
        _sut.TryEnqueue(NewUtterance()).ShouldBeTrue();

        await _time.WaitForTimersAsync(1);
        _origin.Answers.Reader.TryRead(out _).ShouldBeFalse();
        _status.NotReadyBecause.ShouldBe("away");
        // The first pause is at most 100 ms, the second at least 100 ms.
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await _time.WaitForTimersAsync(1);
        _origin.Answers.Reader.TryRead(out _).ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(5));

        (await AnswerAsync()).Outcome.ShouldBe(StoreOutcome.Stored);
        _status.NotReadyBecause.ShouldBeNull();
        _store.Groups.Count.ShouldBe(3);
    }

    [Fact]
    public async Task CommitHangsForAMinute_HealthSaysSoMemoryIsBoundedAndTheNextTryIsAnsweredOnce()
    {
        using var watch = new SlowCommitWorker(_sut, _status, _time);
        var timers = _time.ArmedTimers;
        await watch.StartAsync(CancellationToken.None);
        await _time.WaitForTimersAsync(timers + 1);
        var hang = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Gate = hang.Task;
        _status.SetMember(1);
        var changed = _status.Changed;
        _sut.TryEnqueue(NewUtterance()).ShouldBeTrue();
        await UntilAsync(() => _sut.StoringFor is not null);

        _time.Advance(SlowCommitWorker.Slow + TimeSpan.FromSeconds(1));
        await changed.WaitAsync(_deadline);
        _status.NotReadyBecause.ShouldNotBeNull().ShouldContain("not answered a commit for");
        var taken = 1;
        for (; _sut.TryEnqueue(NewUtterance()); taken++)
        {
            _time.Advance(TimeSpan.FromSeconds(3));
        }

        _time.Advance(TimeSpan.FromSeconds(60));
        (taken, _sut.UnansweredCount, _memory.CommittingBytes).ShouldBe((17, 17, 17 * 320));
        _origin.Answers.Reader.TryRead(out _).ShouldBeFalse();

        // The statement's time-out.
        changed = _status.Changed;
        _store.Gate = Task.CompletedTask;
        hang.SetException(new StorageUnavailableException("cancelled by its time-out", new TimeoutException()));
        await _time.WaitForTimersAsync(2);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < taken; i++)
        {
            (await AnswerAsync()).Outcome.ShouldBe(StoreOutcome.Stored);
        }

        _origin.Answers.Reader.TryRead(out _).ShouldBeFalse();
        await UntilAsync(() => _status.NotReadyBecause is null);
        _memory.CommittingBytes.ShouldBe(0);
        await watch.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task NotOurs_LetsGoOfTheAudio()
    {
        _store.Decide = _ => new StoreResult(StoreOutcome.Duplicate);
        _status.SetMember(1);
        _sut.TryEnqueue(NewUtterance()).ShouldBeTrue();
        await AnswerAsync();

        // The second one's answer comes after the first one's audio is gone.
        _sut.TryEnqueue(NewUtterance()).ShouldBeTrue();
        await AnswerAsync();

        _memory.HeldBytes.ShouldBeLessThanOrEqualTo(320);
        _transcription.Accepted.ShouldBe(0);
    }

    [Fact]
    public async Task TranscriberFull_RowIsGivenBack()
    {
        _transcription.IsFull = true;
        _status.SetMember(1);
        var utterance = NewUtterance();
        _sut.TryEnqueue(utterance).ShouldBeTrue();
        await AnswerAsync();
        _sut.TryEnqueue(NewUtterance()).ShouldBeTrue();
        await AnswerAsync();

        _store.Released.ShouldContain(utterance.Row.Key);
    }

    [Fact]
    public async Task Fenced_AudioIsItsOriginsToKeep()
    {
        _store.Decide = _ => new StoreResult(StoreOutcome.Fenced);
        _status.SetMember(1);
        var utterance = NewUtterance();

        _sut.TryEnqueue(utterance).ShouldBeTrue();
        await AnswerAsync();
        await _sut.InProgress.WaitAsync([utterance.Row.Key], CancellationToken.None).WaitAsync(_deadline);

        _origin.Taken.ShouldNotBeNull().Pcm.Length.ShouldBe(320);
        _memory.CommittingBytes.ShouldBe(0);
    }

    [Fact]
    public async Task WhatTheTranscriberHasNoRoomFor_IsStoredWithoutAnOwner()
    {
        _transcription.Room = 1;
        for (var i = 0; i < 3; i++)
        {
            _sut.TryEnqueue(NewUtterance()).ShouldBeTrue();
        }

        _status.SetMember(1);
        for (var i = 0; i < 3; i++)
        {
            await AnswerAsync();
        }

        _store.Groups.ShouldHaveSingleItem().Select(row => row.IsUnowned).ShouldBe([false, true, true]);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var late = new CancellationTokenSource(_deadline);
        while (!isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, late.Token);
        }
    }

    private PendingUtterance NewUtterance(int bytes = 320, Guid? id = null)
    {
        var audio = PooledAudio.CopyOf(new byte[bytes], _memory);
        var row = new NewUtterance(
            "pi", id ?? Guid.CreateVersion7(_time.GetUtcNow()), 1, 1, _time.GetUtcNow(), TimeSpan.FromMilliseconds(10), Trigger.Vad, null, null, null, null,
            UtteranceEnd.Types.Reason.Silence, audio.Pcm);
        return new PendingUtterance(row, audio, _origin, _time.GetTimestamp());
    }

    private async Task<StoreResult> AnswerAsync()
    {
        using var late = new CancellationTokenSource(_deadline);
        return await _origin.Answers.Reader.ReadAsync(late.Token);
    }

    private sealed class FakeOrigin : IUtteranceOrigin
    {
        public Channel<StoreResult> Answers { get; } = Channel.CreateBounded<StoreResult>(100);

        public PooledAudio? Taken { get; private set; }

        public bool OnAnswer(PendingUtterance utterance, StoreResult result)
        {
            Taken = result.Outcome == StoreOutcome.Fenced ? utterance.Audio : null;
            Answers.Writer.TryWrite(result).ShouldBeTrue();
            return Taken is not null;
        }
    }

    private sealed class FakeQueue : ITranscriptionQueue
    {
        public int Room { get; set; } = int.MaxValue;

        public bool IsFull { get; set; }

        public int Accepted { get; private set; }

        public bool TryAccept(PendingUtterance utterance, long ownerEpoch, int attempt)
        {
            if (IsFull)
            {
                return false;
            }

            Accepted++;
            utterance.Audio.Dispose();
            return true;
        }
    }
}
