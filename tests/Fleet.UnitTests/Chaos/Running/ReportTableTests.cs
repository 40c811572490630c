using Fleet.Chaos.Running;
using Fleet.Chaos.Verdict;

namespace Fleet.UnitTests.Chaos.Running;

public sealed class ReportTableTests
{
    [Fact]
    public void Create_Clean_HasEveryCountAndTheBound()
    {
        var findings = new Findings { Utterances = 3 };
        findings.Add(Good.Whole);

        var text = ReportTable.Create(new Dictionary<string, int> { ["kill -9 silo"] = 60 }, findings);

        text.ShouldContain("kill -9 silo");
        text.ShouldContain("misordered");
        text.ShouldContain("fewer than 5 % of such faults cost an utterance (3/60)");
    }

    [Theory]
    [InlineData(nameof(Bad.Lost))]
    [InlineData(nameof(Bad.Stuck))]
    [InlineData(nameof(Bad.Miscounted))]
    public void Create_NotClean_HasNoBound(string kind)
    {
        var findings = new Findings();
        findings.Add(Enum.Parse<Bad>(kind), "agent1-001");

        ReportTable.Create(new Dictionary<string, int> { ["kill -9 silo"] = 60 }, findings).ShouldContain("No bound: the counts above are not all 0.");
    }

    [Fact]
    public void Create_NoFaultHit_HasNoBound() =>
        ReportTable.Create(new Dictionary<string, int>(), new Findings()).ShouldContain("No bound: no fault hit.");

    [Fact]
    public void Create_EveryBadKind_HasARow()
    {
        foreach (var kind in Enum.GetValues<Bad>())
        {
            var findings = new Findings();
            for (var i = 0; i < 4_321; i++)
            {
                findings.Add(kind, "");
            }

            ReportTable.Create(new Dictionary<string, int>(), findings).ShouldContain("4321", customMessage: kind.ToString());
        }
    }
}
