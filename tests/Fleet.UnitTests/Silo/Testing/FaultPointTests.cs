using Fleet.Silo.Testing;

namespace Fleet.UnitTests.Silo.Testing;

public sealed class FaultPointTests
{
    [Theory]
    [InlineData(null, "", 0)]
    [InlineData("", "", 0)]
    [InlineData("ingest.before-commit", "ingest.before-commit", 1)]
    [InlineData("ingest.before-commit@17", "ingest.before-commit", 17)]
    public void Parse_NameWithOrWithoutPass_IsRead(string? text, string name, int pass) => FaultPoint.Parse(text).ShouldBe((name, pass, null));

    [Theory]
    [InlineData("ingest.before-lunch")]
    [InlineData("ingest.before-commit@")]
    [InlineData("ingest.before-commit@0")]
    [InlineData("ingest.before-commit@-1")]
    [InlineData("ingest.before-commit@x")]
    public void Parse_AnythingElse_SaysWhatToSet(string text) => FaultPoint.Parse(text).Fault.ShouldNotBeNull().ShouldContain("--list-fault-points");

    [Fact]
    public void Unset_NothingHappensAndNothingIsWrong()
    {
        FaultPoint.Fault.ShouldBeNull();
        foreach (var name in FaultPoint.Names)
        {
            FaultPoint.Pass(name);
        }
    }
}
