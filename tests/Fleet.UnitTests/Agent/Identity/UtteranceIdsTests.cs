using Fleet.DeviceAgent.Identity;

namespace Fleet.UnitTests.Agent.Identity;

public sealed class UtteranceIdsTests
{
    private static readonly DateTimeOffset _time = new(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero);

    [Fact]
    public void Next_AnyTime_IsAVersion7UuidOfThatTime()
    {
        var id = new UtteranceIds().Next(_time);

        id.Version.ShouldBe(7);
        (id.Variant & 0xC).ShouldBe(0x8);
        UnixMsOf(id).ShouldBe(_time.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void Next_ClockStepsBackOrStandsStill_IdsOnlyGrow()
    {
        var sut = new UtteranceIds();
        var ids = new List<string>();

        for (var i = 0; i < 10_000; i++)
        {
            ids.Add(sut.Next(_time + TimeSpan.FromMilliseconds(i % 3 == 0 ? -i : i / 1000)).ToString());
        }

        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
        ids.Distinct().Count().ShouldBe(ids.Count);
    }

    [Fact]
    public void StartAfter_IdOfAnEarlierRunWithALaterClock_NewIdsSortAfterIt()
    {
        var earlier = new UtteranceIds().Next(_time + TimeSpan.FromDays(3));
        var sut = new UtteranceIds();

        sut.StartAfter(earlier);

        string.CompareOrdinal(sut.Next(_time).ToString(), earlier.ToString()).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Next_ServerTimeAfterAWrongClockOfTheFuture_GoesBackToIt()
    {
        var sut = new UtteranceIds();
        sut.Next(_time + TimeSpan.FromDays(3));

        UtteranceIds.TimeOf(sut.Next(_time, isServerTime: true)).ShouldBe(_time);
    }

    [Fact]
    public void Next_ServerTimeALittleBack_StillGrows()
    {
        var sut = new UtteranceIds();
        var earlier = sut.Next(_time + TimeSpan.FromSeconds(10), isServerTime: true);

        string.CompareOrdinal(sut.Next(_time, isServerTime: true).ToString(), earlier.ToString()).ShouldBeGreaterThan(0);
    }

    private static long UnixMsOf(Guid id) => Convert.ToInt64(id.ToString("N")[..12], 16);
}
