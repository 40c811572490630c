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
        sut.TryTake(out var job).ShouldBeTrue();
        sut.TryTake(out _).ShouldBeFalse();
        job.Audio.Dispose();
        sut.Knows(key).ShouldBeTrue();
        sut.Forget(job.Key);
        sut.Knows(key).ShouldBeFalse();

        _memory.HeldBytes.ShouldBe(0);
        sut.TryAdd(key, NewAudio()).ShouldBeTrue();
        sut.TryTake(out _).ShouldBeTrue();
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
        var job = new TranscriptionJob(NewKey(), NewAudio(), 0);

        Enumerable.Range(0, 10).ShouldAllBe(_ => !job.CountFault(options, time));
        time.Advance(TimeSpan.FromMinutes(1));
        job.ForgetFaults();
        Enumerable.Range(0, 10).ShouldAllBe(_ => !job.CountFault(options, time));
        time.Advance(TimeSpan.FromMinutes(1));

        job.CountFault(options, time).ShouldBeTrue();
    }

    [Fact]
    public void Rest_TakesRoom_AndIsBounded()
    {
        var sut = CreateSut(capacity: 2);

        sut.TryRest().ShouldBeTrue();
        sut.Room.ShouldBe(1);
        sut.TryRest().ShouldBeTrue();
        sut.TryRest().ShouldBeFalse();
        sut.EndRest();

        sut.Room.ShouldBe(1);
    }

    private static JobKey NewKey() => new(new UtteranceKey("pi", Guid.NewGuid()), 1, 1);

    private PooledAudio NewAudio() => PooledAudio.CopyOf(new byte[320], _memory);

    private TranscriptionQueue CreateSut(int capacity)
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        return new TranscriptionQueue(
            _memory,
            new FleetInstruments(services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()),
            Options.Create(new ScoringOptions { QueueUtterances = capacity }),
            new FakeTimeProvider());
    }
}
