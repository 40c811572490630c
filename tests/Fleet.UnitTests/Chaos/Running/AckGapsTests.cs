using Fleet.Chaos.Running;

namespace Fleet.UnitTests.Chaos.Running;

public sealed class AckGapsTests
{
    private static readonly DateTimeOffset _start = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Longest_TwoFaults_EachHasTheLongestPauseBetweenAcksThatTouchesIt()
    {
        DateTimeOffset[] acks = [At(50), At(0), At(1), At(8.5), At(9), At(80)];

        var gaps = AckGaps.Longest(acks, [new FaultSpan("kill", At(2), At(3)), new FaultSpan("cut", At(60), At(61)), new FaultSpan("kill", At(0.5), At(0.6))]);

        gaps["kill"].ShouldBe(TimeSpan.FromSeconds(41)); // 9 to 50: it began within ten seconds of the kill
        gaps["cut"].ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Longest_NoAckAtAll_SaysNothing() => AckGaps.Longest([], [new FaultSpan("kill", At(0), At(1))]).ShouldBeEmpty();

    private static DateTimeOffset At(double seconds) => _start + TimeSpan.FromSeconds(seconds);
}
