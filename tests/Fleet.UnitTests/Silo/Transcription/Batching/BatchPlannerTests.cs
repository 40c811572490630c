using Fleet.Silo.Transcription;

namespace Fleet.UnitTests.Silo.Transcription.Batching;

public sealed class BatchPlannerTests
{
    private static readonly BatchBounds _bounds = new(8, 60, 4_000_000);

    [Fact]
    public void Choose_FewerThanFit_TakesAllInTheirTurnsAndIsNotFull()
    {
        List<TranscriptionJob> jobs = [TestJobs.Of(1), TestJobs.Of(20), TestJobs.Of(2)];

        var plan = Choose(jobs);

        plan.Jobs.ShouldBe(jobs);
        plan.IsFull.ShouldBeFalse();
        plan.Shape.ShouldBe(new BatchShape(3, 23, 20));
    }

    [Fact]
    public void Choose_MoreThanFit_TakesTheFirstAndThoseOfItsLength()
    {
        List<TranscriptionJob> jobs = [TestJobs.Of(2), .. TestJobs.Many(10, 9), .. TestJobs.Many(10, 2.1)];

        var plan = Choose(jobs);

        plan.IsFull.ShouldBeTrue();
        plan.Jobs.Count.ShouldBe(8);
        plan.Jobs.ShouldAllBe(job => job.Seconds < 3);
        plan.Jobs[0].ShouldBe(jobs[0]);
    }

    [Fact]
    public void Choose_FillersOfTheRightLength_NeverTakeThePlaceOfCandidates()
    {
        var candidates = TestJobs.Many(5, 10);

        var plan = Choose(candidates, TestJobs.Many(20, 10), new BatchBounds(6, 600, 400_000_000));

        plan.Jobs.Take(5).ShouldBe(candidates);
        plan.Jobs.Count.ShouldBe(6);
    }

    [Theory]
    [InlineData(30, 4_000_000, 3)] // seconds
    [InlineData(600, 1_000_000, 2)] // bytes: ten seconds are 427 kB
    public void Choose_BoundOfSecondsOrBytes_FillsTheBatch(int seconds, int bytes, int expected)
    {
        var plan = Choose(TestJobs.Many(6, 10), [], new BatchBounds(8, seconds, bytes));

        plan.Jobs.Count.ShouldBe(expected);
        plan.IsFull.ShouldBeTrue();
    }

    [Fact]
    public void Choose_OneBeyondEveryBound_GoesAlone() =>
        Choose([TestJobs.Of(70), TestJobs.Of(1)], [], new BatchBounds(8, 60, 100_000)).Jobs.Count.ShouldBe(1);

    [Fact]
    public void Choose_SuspectOrTimedOut_HasNoMoreCompanyThanItMay()
    {
        var jobs = TestJobs.Many(8);
        jobs[0].MaxCompany = 3;
        var suspect = TestJobs.Of(1);
        suspect.MaxCompany = 1;

        Choose(jobs).Jobs.Count.ShouldBe(3);
        Choose([TestJobs.Of(1), suspect, TestJobs.Of(1)]).Jobs.ShouldNotContain(suspect);
        Choose([suspect, TestJobs.Of(1)]).Jobs.ShouldBe([suspect]);
    }

    [Fact]
    public void Choose_TutorialsBody_HasOne() =>
        BatchPlanner.Choose(TestJobs.Many(4), [], _bounds, ScoringFormat.Single, new CostModel()).ShouldSatisfyAllConditions(
            plan => plan.Jobs.Count.ShouldBe(1), plan => plan.IsFull.ShouldBeTrue());

    [Fact]
    public void Choose_EndpointThatPads_KeepsLongAndShortApart()
    {
        var cost = new CostModel();
        foreach (var (items, seconds, longest) in new[] { (1, 1.0, 1.0), (4, 4.0, 1.0), (1, 8.0, 8.0), (4, 11.0, 8.0), (2, 9.0, 8.0), (8, 8.0, 1.0), (3, 10.0, 8.0) })
        {
            // Each second of the padded batch costs 100 ms, a call 10 ms.
            cost.Observe(new BatchShape(items, seconds, longest), TimeSpan.FromSeconds(0.01 + (0.1 * items * longest)));
        }

        var plan = BatchPlanner.Choose([TestJobs.Of(1), TestJobs.Of(8), TestJobs.Of(1)], [], _bounds, ScoringFormat.Batch, cost);

        plan.Jobs.ShouldAllBe(job => job.Seconds < 2);
    }

    private static BatchPlan Choose(IReadOnlyList<TranscriptionJob> candidates, IReadOnlyList<TranscriptionJob>? fillers = null, BatchBounds? bounds = null) =>
        BatchPlanner.Choose(candidates, fillers ?? [], bounds ?? _bounds, ScoringFormat.Batch, new CostModel());
}
