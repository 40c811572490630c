using Fleet.Benchmarks;
using Fleet.Benchmarks.Connections;

namespace Fleet.UnitTests.Benchmarks.Connections;

public sealed class ConnectionsOptionsTests
{
    [Fact]
    public void Parse_Nothing_IsTenThousandOverTls()
    {
        var options = ConnectionsOptions.Parse([]);

        options.Connections.ShouldBe(10_000);
        options.Tls.ShouldBeTrue();
    }

    [Theory]
    [InlineData("--connections", "30000")]
    [InlineData("--seconds", "5")]
    public void Parse_OutOfBounds_NamesTheOptionAndItsBounds(string name, string value) =>
        Should.Throw<UsageException>(() => ConnectionsOptions.Parse([name, value])).Message.ShouldStartWith($"{name} is {value}; it must be ");
}
