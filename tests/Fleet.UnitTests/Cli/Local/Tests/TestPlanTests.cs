using Fleet.Cli.Local.Tests;

namespace Fleet.UnitTests.Cli.Local.Tests;

public sealed class TestPlanTests
{
    [Fact]
    public void For_TwoFlavours_SecondRunsWhatDependsOnItAndTheClosingLinesSaySo()
    {
        var plan = TestPlan.For(["full", "portable"], all: false, filtered: false);

        plan.Jobs.Where(job => job.Flavour == "full").Select(job => (job.Project, job.Filter)).ShouldBe(
            [("Fleet.UnitTests", null), ("Fleet.IntegrationTests", null), ("Fleet.BrowserTests", null)]);
        plan.Jobs.Where(job => job.Flavour == "portable").ShouldAllBe(job => job.Filter != null);
        plan.NotRun.ShouldHaveSingleItem().ShouldStartWith("portable flavour: ");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void For_TwoFlavoursWithAllOrAFilter_RunTheSame(bool all, bool filtered)
    {
        var plan = TestPlan.For(["full", "portable"], all, filtered);

        plan.Jobs.Count().ShouldBe(6);
        plan.Jobs.ShouldAllBe(job => job.Filter == null);
        plan.NotRun.ShouldBeEmpty();
    }

    [Fact]
    public void For_OneFlavour_RunsEverythingAndLeavesNothingOut()
    {
        var plan = TestPlan.For(["portable"], all: false, filtered: false);

        plan.Jobs.Select(job => job.Results).ShouldBe(["Fleet.UnitTests-portable", "Fleet.IntegrationTests-portable", "Fleet.BrowserTests-portable"]);
        plan.NotRun.ShouldBeEmpty();
    }
}
