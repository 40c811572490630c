using System.Globalization;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Agent.Uplink;

/// <summary>
/// Whatever happens to link, cloud, clocks and agent: in the end each utterance is at the cloud exactly once, bit by bit as it was spoken, and
/// nothing is left in the spool.
/// </summary>
public sealed class UplinkPropertyTests
{
    private const int Steps = 500;

    /// <summary>The seeds of each run; FLEET_TEST_SEEDS=100-199 runs others.</summary>
    public static TheoryData<int> Seeds()
    {
        var range = (Environment.GetEnvironmentVariable("FLEET_TEST_SEEDS") ?? "1-6").Split('-');
        var first = int.Parse(range[0], CultureInfo.InvariantCulture);
        return [.. Enumerable.Range(first, int.Parse(range[^1], CultureInfo.InvariantCulture) - first + 1)];
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Run_FaultsFromASeed_EveryUtteranceIsStoredExactlyOnce(int seed)
    {
        var random = new Random(seed);
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero) + TimeSpan.FromHours(random.Next(-40, 40)));
        await using var cloud = new ScriptedCloud(seed, time);
        await using var sut = new RestartableAgent(seed, time, cloud);

        for (var step = 0; step < Steps; step++)
        {
            await StepAsync(random, time, cloud, sut);
        }

        sut.EndUtterance();
        cloud.IsHealthy = true;
        cloud.IsAway = false;
        await DrainAsync(seed, time, cloud, sut);

        Assert(seed, cloud, sut);
    }

    private static async Task StepAsync(Random random, FakeTimeProvider time, ScriptedCloud cloud, RestartableAgent sut)
    {
        switch (random.Next(100))
        {
            case < 40:
                sut.Speak();
                break;
            case < 43:
                time.StepWallClock(TimeSpan.FromHours(random.Next(-50, 50)));
                break;
            case < 46:
                await sut.RestartAsync();
                break;
            case < 48:
                cloud.IsAway = !cloud.IsAway;
                cloud.Cut();
                break;
            case < 75:
                cloud.Pump();
                break;
        }

        time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 2500)));
        await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
    }

    private static async Task DrainAsync(int seed, FakeTimeProvider time, ScriptedCloud cloud, RestartableAgent sut)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (sut.Spool.Count + sut.Spool.Losses.Count > 0)
        {
            if (TimeProvider.System.GetElapsedTime(startedAt) > TimeSpan.FromSeconds(60))
            {
                throw new TimeoutException(
                    $"Seed {seed}: {sut.Spool.Count} utterances and {sut.Spool.Losses.Count} losses are left in the spool.");
            }

            cloud.Pump();
            time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        }
    }

    private static void Assert(int seed, ScriptedCloud cloud, RestartableAgent sut)
    {
        lock (cloud.Gate)
        {
            cloud.Violations.ShouldBeEmpty($"seed {seed}");
            cloud.Lost.ShouldBeEmpty($"seed {seed}");
            var stored = cloud.Stored.Values.ToLookup(utterance => utterance.Start.SequenceNumber);
            foreach (var (number, pcm) in sut.Spoken)
            {
                stored[number].Count().ShouldBe(1, $"seed {seed}: number {number}");
                stored[number].Single().Pcm.AsSpan().SequenceEqual(pcm.ToArray()).ShouldBeTrue($"seed {seed}: number {number} is altered");
            }

            cloud.Stored.Count.ShouldBe(sut.Spoken.Count, $"seed {seed}");
            cloud.Faults.ShouldBeGreaterThan(5, $"seed {seed}: hardly anything went wrong");
            sut.Restarts.ShouldBeGreaterThan(1, $"seed {seed}");
            sut.Spoken.Count.ShouldBeGreaterThan(10, $"seed {seed}");
        }
    }
}
