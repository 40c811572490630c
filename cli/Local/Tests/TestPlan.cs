namespace Fleet.Cli.Local.Tests;

/// <summary>What `./fleet test` runs: stages one after the other, the jobs of a stage side by side.</summary>
/// <param name="Stages">The jobs.</param>
/// <param name="NotRun">What is left out, and why: for the closing lines.</param>
internal sealed record TestPlan(IReadOnlyList<IReadOnlyList<TestJob>> Stages, IReadOnlyList<string> NotRun)
{
    private const string Unit = "Fleet.UnitTests";
    private const string Integration = "Fleet.IntegrationTests";
    private const string Browser = "Fleet.BrowserTests";

    // What a flavour replaces: gRPC and ONNX, and the whole product on top of them. The rest is the same code, tested on the first one.
    private const string OfTheFlavour =
        "FullyQualifiedName~.Grpc|FullyQualifiedName~SileroVad|FullyQualifiedName~.Silo.BadInput.WireTests"
        + "|FullyQualifiedName~.Silo.UtteranceTests|FullyQualifiedName~.Silo.ResumeTests|FullyQualifiedName~.Silo.TlsTests"
        + "|FullyQualifiedName~.Cli.UpTests.Up_Sample";

    public IEnumerable<TestJob> Jobs => Stages.SelectMany(static stage => stage);

    /// <param name="flavours">Those that were built; the first one runs everything.</param>
    /// <param name="all">Everything on each of them.</param>
    /// <param name="filtered">The caller chose tests by a filter of his own: each flavour runs those.</param>
    public static TestPlan For(IReadOnlyList<string> flavours, bool all, bool filtered)
    {
        List<IReadOnlyList<TestJob>> stages = [];
        List<string> notRun = [];
        foreach (var flavour in flavours)
        {
            if (all || filtered || flavour == flavours[0])
            {
                stages.Add([new(Unit, flavour)]);
                stages.Add([new(Integration, flavour)]);
                stages.Add([new(Browser, flavour)]);
                continue;
            }

            stages.Add([new(Unit, flavour, OfTheFlavour), new(Integration, flavour, OfTheFlavour)]);
            notRun.Add($"{flavour} flavour: tests of what is the same code in both, which ran on the {flavours[0]} flavour (./fleet test --all runs all on both)");
        }

        return new TestPlan(stages, notRun);
    }
}
