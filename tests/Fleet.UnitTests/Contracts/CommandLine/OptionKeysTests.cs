using Fleet.Contracts.CommandLine;

namespace Fleet.UnitTests.Contracts.CommandLine;

public sealed class OptionKeysTests
{
    private static readonly string[] _known = ["Fleet:Grpc:Listen", "Fleet:Http:Listen", "Fleet:Ingest:CreditBytes"];

    [Theory]
    [InlineData("--Fleet:Grpc:Listen=127.0.0.1:0")]
    [InlineData("--fleet:grpc:listen", "127.0.0.1:0")]
    [InlineData("--Logging:LogLevel:Fleet=Debug", "--environment=Development")]
    public void Fault_KnownKeys_None(params string[] arguments) => OptionKeys.Fault(arguments, _known, "P").ShouldBeNull();

    [Theory]
    [InlineData("--Fleet:Grpc:Listn=1", "--Fleet:Grpc:Listn is not an option of P; did you mean --Fleet:Grpc:Listen? All keys: P --help")]
    [InlineData("--Fleet:Ingest:Credits=1", "did you mean --Fleet:Ingest:CreditBytes?")]
    [InlineData("--quite-another=1", "--quite-another is not an option of P. All keys: P --help")]
    [InlineData("start", "'start' is not an option of P: give --KEY=VALUE")]
    [InlineData("--Fleet:Grpc:Listen", "--Fleet:Grpc:Listen has no value")]
    public void Fault_Unknown_SuggestsTheNearest(string argument, string sentence) =>
        OptionKeys.Fault([argument], _known, "P").ShouldNotBeNull().ShouldContain(sentence);
}
