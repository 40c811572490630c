using Fleet.Silo.Ingest;
using Fleet.Silo.Telemetry;
using Fleet.Silo.Transcription;
using Fleet.Storage;
using Fleet.Testing.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Fleet.UnitTests.Silo.Transcription;

public sealed class TranscriptionQueueTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly AudioMemory _memory = new(Options.Create(new IngestOptions { MaxTotalAudioBytes = 1024 * 1024 }));

    [Fact]
    public void Add_BeyondCapacity_IsRefused()
    {
        var sut = CreateSut(capacity: 2);

        sut.TryAdd(NewKey(), NewAudio()).ShouldBeTrue();
        sut.TryAdd(NewKey(), NewAudio()).ShouldBeTrue();

        sut.Room.ShouldBe(0);
        sut.TryAdd(NewKey(), NewAudio()).ShouldBeFalse();
    }

    [Fact]
    public void Add_SameJobTwice_IsDoneOnce()
    {
        var sut = CreateSut(capacity: 2);
        var key = NewKey();

        sut.TryAdd(key, NewAudio()).ShouldBeTrue();
        sut.TryAdd(key, NewAudio()).ShouldBeTrue();
        sut.Room.ShouldBe(1);
        var job = Take(sut).ShouldHaveSingleItem();
        Take(sut).ShouldBeEmpty();
        job.Audio.Dispose();
        sut.Knows(key).ShouldBeTrue();
        sut.Forget(job.Key);
        sut.Knows(key).ShouldBeFalse();

        _memory.HeldBytes.ShouldBe(0);
        sut.TryAdd(key, NewAudio()).ShouldBeTrue();
        Take(sut).ShouldHaveSingleItem();
    }

    [Fact]
    public void Room_WhenMemoryIsTight_IsNone()
    {
        var sut = CreateSut(capacity: 100);
        sut.Room.ShouldBe(100);

        using var held = PooledAudio.CopyOf(new byte[600_000], _memory);

        sut.Room.ShouldBe(0);
    }

    [Fact]
    public void CountFault_OftenAndLongEnough_GivesUpUnlessTheEndpointFailedAtEverything()
    {
        var options = new ScoringOptions { MaxAttempts = 3, GiveUpAfterSeconds = 60 };
        var time = new FakeTimeProvider();
        var job = new TranscriptionJob(NewKey(), NewAudio(), 0, default, 0);

        Enumerable.Range(0, 10).ShouldAllBe(_ => !job.CountFault(options, time));
        time.Advance(TimeSpan.FromMinutes(1));
        job.ForgetFaults();
        Enumerable.Range(0, 10).ShouldAllBe(_ => !job.CountFault(options, time));
        time.Advance(TimeSpan.FromMinutes(1));

        job.CountFault(options, time).ShouldBeTrue();
    }

    [Fact]
    public void Rest_TakesRoom_AndEndsWithTime()
    {
        var sut = CreateSut(capacity: 2);
        sut.TryAdd(NewKey(), NewAudio()).ShouldBeTrue();
        sut.Rest(Take(sut).Single(), TimeSpan.FromSeconds(5));

        sut.Room.ShouldBe(1);
        Take(sut).ShouldBeEmpty();
        sut.UntilRested().ShouldBe(TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(5));

        Take(sut).ShouldHaveSingleItem();
        sut.UntilRested().ShouldBeNull();
    }

    [Fact]
    public void AfterAnOutage_LiveGoesFirst_AndTheOldestHasItsShare()
    {
        var sut = CreateSut(capacity: 100);
        for (var i = 0; i < 40; i++)
        {
            Add(sut, "backlog", TimeSpan.FromMinutes(40 - i));
        }

        for (var i = 0; i < 40; i++)
        {
            Add(sut, "live", TimeSpan.FromSeconds(2));
        }

        var order = Enumerable.Range(0, 40).Select(_ => Take(sut, 1).Single()).ToList();

        order.Count(job => job.Key.Utterance.DeviceId == "live").ShouldBe(30);
        order.Where(job => job.Key.Utterance.DeviceId == "backlog").Select(job => (_time.GetUtcNow() - job.SpokenAt).TotalMinutes)
            .ShouldBe(Enumerable.Range(0, 10).Select(i => 40.0 - i));
    }

    [Fact]
    public void Backlog_WithoutLiveSpeech_IsNewestFirstWithTheShareOfTheOldest()
    {
        var sut = CreateSut(capacity: 100);
        for (var minutes = 10; minutes > 0; minutes--)
        {
            Add(sut, "pi", TimeSpan.FromMinutes(minutes));
        }

        Enumerable.Range(0, 5).Select(_ => (_time.GetUtcNow() - Take(sut, 1).Single().SpokenAt).TotalMinutes).ShouldBe([1, 2, 3, 10, 4]);
    }

    [Fact]
    public void LiveSpeech_ThatHasWaitedForLong_IsBacklog()
    {
        var sut = CreateSut(capacity: 100);
        Add(sut, "old", TimeSpan.Zero);
        _time.Advance(TimeSpan.FromSeconds(15));
        Add(sut, "new", TimeSpan.Zero);

        Take(sut, 1).Single().Key.Utterance.DeviceId.ShouldBe("new");
        Take(sut, 1).Single().Key.Utterance.DeviceId.ShouldBe("old");
    }

    [Fact]
    public void FullOfBacklog_LiveSpeechDisplacesTheOldest_OnlyWhileTheEndpointIsThere()
    {
        var sut = CreateSut(capacity: 2);
        var oldest = Add(sut, "pi", TimeSpan.FromMinutes(9));
        Add(sut, "pi", TimeSpan.FromMinutes(8));

        sut.Room.ShouldBe(0);
        sut.TryAdd(NewKey(), NewAudio(), _time.GetUtcNow()).ShouldBeFalse();
        sut.MayDisplace = true;
        sut.Room.ShouldBe(2);
        sut.TryAdd(NewKey(), NewAudio(), _time.GetUtcNow() - TimeSpan.FromMinutes(1)).ShouldBeFalse();
        sut.TryAdd(NewKey(), NewAudio(), _time.GetUtcNow()).ShouldBeTrue();

        sut.TakeDisplaced().ShouldBe([oldest]);
        sut.TakeDisplaced().ShouldBeEmpty();
        sut.Knows(oldest).ShouldBeFalse();
        _memory.HeldBytes.ShouldBe(4 * 320); // two refused ones are the test's
    }

    [Fact]
    public void BacklogRoom_LeavesHalfToLiveSpeech()
    {
        var sut = CreateSut(capacity: 8);
        sut.BacklogRoom.ShouldBe(4);

        Enumerable.Range(0, 5).ToList().ForEach(_ => Add(sut, "pi", TimeSpan.FromMinutes(1)));

        sut.BacklogRoom.ShouldBe(0);
        sut.Room.ShouldBe(3);
    }

    [Fact]
    public void Take_NoExtraCallMayBeMade_NeedsOneThatIsFresh()
    {
        var sut = CreateSut(capacity: 8);
        Add(sut, "pi", TimeSpan.Zero);
        var retried = Take(sut).Single();
        retried.Calls = 1;
        sut.PutBack(retried);

        sut.TryTake(Request(8) with { NeedsFresh = true }).ShouldBeNull();
        Add(sut, "pi", TimeSpan.Zero);

        // It goes along for nothing.
        sut.TryTake(Request(8) with { NeedsFresh = true }).ShouldNotBeNull().Jobs.Count.ShouldBe(2);
    }

    [Fact]
    public void Take_SeveralPlacesAreFree_SharesWhatWaits()
    {
        var sut = CreateSut(capacity: 100);
        Enumerable.Range(0, 9).ToList().ForEach(_ => Add(sut, "pi", TimeSpan.Zero));

        sut.TryTake(Request(32) with { FreePlaces = 3 }).ShouldNotBeNull().Jobs.Count.ShouldBe(3);
    }

    private static JobKey NewKey(string device = "pi") => new(new UtteranceKey(device, Guid.NewGuid()), 1, 1);

    private static IReadOnlyList<TranscriptionJob> Take(TranscriptionQueue sut, int atMost = 32) => sut.TryTake(Request(atMost))?.Jobs ?? [];

    private static TakeRequest Request(int utterances) => new("default", new BatchBounds(utterances, 120, 2_000_000), ScoringFormat.Batch, new CostModel());

    private JobKey Add(TranscriptionQueue sut, string device, TimeSpan ago)
    {
        var key = NewKey(device);
        sut.TryAdd(key, NewAudio(), _time.GetUtcNow() - ago).ShouldBeTrue();
        return key;
    }

    private PooledAudio NewAudio() => PooledAudio.CopyOf(new byte[320], _memory);

    private TranscriptionQueue CreateSut(int capacity)
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        return new TranscriptionQueue(
            _memory,
            new FleetInstruments(services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()),
            Options.Create(new ScoringOptions { QueueUtterances = capacity }),
            _time);
    }
}
