using Fleet.Benchmarks;
using Fleet.Benchmarks.Ingest;

namespace Fleet.UnitTests.Benchmarks.Ingest;

public sealed class IngestOptionsTests
{
    [Fact]
    public void Parse_Nothing_IsThreeSecondsOfAudioAndEveryPart()
    {
        var options = IngestOptions.Parse([]);

        options.AudioBytes.ShouldBe(96_000);
        options.Devices.ShouldBe([1, 8, 64, 256]);
        options.Parts.ShouldBe(["rate", "lone", "half", "outage"]);
    }

    [Theory]
    [InlineData("--rounds", "0")]
    [InlineData("--seconds", "60")]
    [InlineData("--devices", "many")]
    [InlineData("--part", "everything")]
    public void Parse_OutOfItsBounds_NamesTheOption(string name, string value) =>
        Should.Throw<UsageException>(() => IngestOptions.Parse([name, value])).Message.ShouldContain(name == "--part" ? "everything" : name);
}
