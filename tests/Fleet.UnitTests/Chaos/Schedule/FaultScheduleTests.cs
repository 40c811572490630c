using Fleet.Chaos.Schedule;

namespace Fleet.UnitTests.Chaos.Schedule;

public sealed class FaultScheduleTests
{
    private static readonly TimeSpan _length = TimeSpan.FromMinutes(3);

    [Fact]
    public void Create_SameSeed_SameSchedule()
    {
        FaultSchedule.Create(7, _length, 4).ShouldBe(FaultSchedule.Create(7, _length, 4));
        FaultSchedule.Create(7, _length, 4).ShouldNotBe(FaultSchedule.Create(8, _length, 4));
    }

    [Fact]
    public void Create_ThreeMinutes_HasEveryKindAtEveryTarget()
    {
        var schedule = FaultSchedule.Create(1, _length, 4);

        schedule.Select(fault => fault.Kind).Distinct().ShouldBe(
            Enum.GetValues<FaultKind>().Except([FaultKind.Restart, FaultKind.Roll]), ignoreOrder: true); // those are of a cluster
        schedule.Select(fault => fault.Target).Distinct().ShouldBe(Enum.GetValues<FaultTarget>().Except([FaultTarget.SiloLink]), ignoreOrder: true);
        schedule.Where(fault => fault.Kind == FaultKind.Kill).Select(fault => fault.Target).Distinct().Count().ShouldBe(4);
    }

    [Theory]
    [InlineData(1, 0.5, 2)]
    [InlineData(2, 1, 1)]
    [InlineData(3, 10, 6)]
    public void Create_AnyLength_StaysInBoundsAndHitsOneTargetOnceAtATime(ulong seed, double minutes, int agents)
    {
        var length = TimeSpan.FromMinutes(minutes);

        var schedule = FaultSchedule.Create(seed, length, agents);

        schedule.ShouldNotBeEmpty();
        schedule.ShouldAllBe(fault => fault.At < length && fault.Duration <= FaultSchedule.LongestFault);
        schedule.Where(fault => fault.Kind != FaultKind.FaultPoint).ShouldAllBe(fault => fault.Duration <= length / 6);
        schedule.ShouldAllBe(fault => fault.Index >= 0 && fault.Index < agents);
        foreach (var target in schedule.GroupBy(fault => (fault.Target, fault.Index)))
        {
            target.Zip(target.Skip(1)).ShouldAllBe(pair => pair.First.At + pair.First.Duration < pair.Second.At);
        }
    }

    [Fact]
    public void Create_WhileTheSiloIsToPassAFaultPoint_AllThatItNeedsIsWhole()
    {
        var schedule = FaultSchedule.Create(9, TimeSpan.FromMinutes(30), 4);

        foreach (var point in schedule.Where(fault => fault.Kind == FaultKind.FaultPoint))
        {
            schedule.Where(fault => fault != point && fault.Target != FaultTarget.Agent)
                .ShouldAllBe(fault => fault.At + fault.Duration < point.At || fault.At > point.At + point.Duration);
        }
    }

    [Fact]
    public void Create_ThreeSilos_HitsEachOfThem_AndNoneBesideARollingRestart()
    {
        var schedule = FaultSchedule.Create(3, TimeSpan.FromMinutes(30), 4, silos: 3);

        schedule.Where(fault => fault is { Kind: FaultKind.Kill, Target: FaultTarget.Silo }).Select(fault => fault.Index).Distinct().Order().ShouldBe([0, 1, 2]);
        schedule.Where(fault => fault.Target == FaultTarget.DeviceLink).Select(fault => fault.Index).Distinct().Order().ShouldBe([0, 1, 2]);
        schedule.Where(fault => fault.Target == FaultTarget.SiloLink).Select(fault => (fault.Index, fault.Kind)).Distinct().Count().ShouldBe(12);
        var rolls = schedule.Where(fault => fault.Kind == FaultKind.Roll).ToList();
        rolls.ShouldNotBeEmpty();
        foreach (var roll in rolls)
        {
            schedule.Where(fault => fault != roll && fault.Target == FaultTarget.Silo)
                .ShouldAllBe(fault => fault.At + fault.Duration < roll.At || fault.At > roll.At + roll.Duration);
        }
    }

    [Fact]
    public void SiloFaults_ThreeMinutes_KillASiloEveryTwentySeconds_AndEndWithARollingRestart()
    {
        var schedule = SiloFaults.Create(11, _length, 3);

        var kills = schedule.Where(fault => fault is { Kind: FaultKind.Kill, Target: FaultTarget.Silo }).ToList();
        kills.Count.ShouldBe(9);
        kills.Zip(kills.Skip(1)).ShouldAllBe(pair => pair.Second.At - pair.First.At == TimeSpan.FromSeconds(20));
        schedule.Count(fault => fault.Kind == FaultKind.Freeze).ShouldBe(3);
        schedule.Count(fault => fault is { Kind: FaultKind.ImmediateShutdown, Target: FaultTarget.Postgres }).ShouldBe(2);
        schedule.Count(fault => fault.Target == FaultTarget.SiloLink).ShouldBe(4);
        schedule[^1].Kind.ShouldBe(FaultKind.Roll);
        schedule.ShouldBe(SiloFaults.Create(11, _length, 3));
        schedule.Zip(schedule.Skip(1)).ShouldAllBe(pair => pair.First.At + pair.First.Duration < pair.Second.At);
        SiloFaults.Create(11, _length, 3, rollFirst: true)[0].Kind.ShouldBe(FaultKind.Roll); // an upgrade
    }

    [Fact]
    public void Create_DiskFull_IsAtTheFirstAgentOnly() =>
        FaultSchedule.Create(5, TimeSpan.FromMinutes(30), 6).Where(fault => fault.Kind == FaultKind.DiskFull).ShouldAllBe(fault => fault.Index == 0);

    [Fact]
    public void Random_KnownSeed_GivesTheNumbersOfSplitMix64()
    {
        var sut = new SeededRandom(1234567);

        // From the reference implementation.
        sut.Next().ShouldBe(6457827717110365317UL);
        sut.Next().ShouldBe(3203168211198807973UL);
    }
}
