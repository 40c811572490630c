using Fleet.DeviceAgent.Testing;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Agent;

public sealed class SteppedClockTests
{
    [Fact]
    public void GetUtcNow_FileChanges_StepsAndTheMonotonicClockDoesNot()
    {
        using TemporaryFolder folder = new();
        var file = folder.File("clock");
        var true_ = new FakeTimeProvider();
        var sut = new SteppedClock(true_, file);
        var stamp = sut.GetTimestamp();

        sut.GetUtcNow().ShouldBe(true_.GetUtcNow());
        File.WriteAllText(file, "-3600000");
        sut.GetUtcNow().ShouldBe(true_.GetUtcNow().AddHours(-1));
        File.WriteAllText(file, "86400000\n");
        sut.GetUtcNow().ShouldBe(true_.GetUtcNow().AddDays(1));
        sut.GetTimestamp().ShouldBe(stamp);
    }

    [Fact]
    public void GetUtcNow_FileIsBeingReplaced_StaysWhereItWas()
    {
        using TemporaryFolder folder = new();
        var file = folder.File("clock");
        var true_ = new FakeTimeProvider();
        var sut = new SteppedClock(true_, file);
        File.WriteAllText(file, "5000");
        sut.GetUtcNow();

        File.WriteAllText(file, "");

        sut.GetUtcNow().ShouldBe(true_.GetUtcNow().AddSeconds(5));
    }
}
