using Fleet.Silo.Transcription;

namespace Fleet.UnitTests.Silo.Transcription.Batching;

public sealed class PoisonSearchTests
{
    [Fact]
    public async Task Run_OnePoisonedAnywhere_IsFoundWithinTwiceTheLogarithm()
    {
        for (var count = 2; count <= 64; count++)
        {
            var jobs = TestJobs.Many(count, 0.01);
            foreach (var poisoned in jobs)
            {
                var (search, fine) = await RunAsync(jobs, [poisoned]);

                search.Found.ShouldBe([poisoned]);
                search.Open.ShouldBeEmpty();
                fine.Count.ShouldBe(count - 1);
                search.Calls.ShouldBeLessThanOrEqualTo((int)(2 * Math.Log2(count)), $"{count} utterances");
            }
        }
    }

    [Fact]
    public async Task Run_SeveralPoisoned_AreFoundWithinTheirShares()
    {
        var jobs = TestJobs.Many(32, 0.01);

        var (search, fine) = await RunAsync(jobs, [jobs[3], jobs[17], jobs[31]]);

        search.Found.ShouldBe([jobs[3], jobs[17], jobs[31]]);
        fine.Count.ShouldBe(29);
        search.Calls.ShouldBeLessThanOrEqualTo(30);
    }

    [Fact]
    public async Task Run_EveryCallFails_StopsAndLeavesTheRestOpen()
    {
        var jobs = TestJobs.Many(64, 0.01);

        var (search, _) = await RunAsync(jobs, [.. jobs]);

        search.Calls.ShouldBeLessThanOrEqualTo(12 * (search.Found.Count + 1));
        (search.Found.Count + search.Open.Count).ShouldBe(64);
    }

    [Fact]
    public async Task Run_EndpointGoesAway_LeavesWhatIsNotKnownOpen()
    {
        var jobs = TestJobs.Many(8, 0.01);
        var search = new PoisonSearch(_ => Task.FromResult(PoisonSearch.Verdict.Unclear), 8);

        await search.RunAsync(jobs);

        search.Calls.ShouldBe(1);
        search.Open.ShouldBe(jobs);
    }

    private static async Task<(PoisonSearch Search, List<TranscriptionJob> Fine)> RunAsync(List<TranscriptionJob> jobs, HashSet<TranscriptionJob> poisoned)
    {
        List<TranscriptionJob> fine = [];
        var search = new PoisonSearch(
            part =>
            {
                if (part.Any(poisoned.Contains))
                {
                    return Task.FromResult(PoisonSearch.Verdict.Faulty);
                }

                fine.AddRange(part);
                return Task.FromResult(PoisonSearch.Verdict.Fine);
            },
            jobs.Count);
        await search.RunAsync(jobs);
        return (search, fine);
    }
}
