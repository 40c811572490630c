using Fleet.Benchmarks.Connections;

namespace Fleet.UnitTests.Benchmarks.Connections;

public sealed class ProcessCpuTests
{
    [Fact]
    public void Parse_NameWithSpacesAndParentheses_GivesUserAndKernelTime() =>
        ProcessCpu.Parse("4711 (a (bad) name) S 1 4711 4711 0 -1 4194560 9 0 0 0 250 50 0 0 20 0 30 0 100 1 2").ShouldBe(3);
}
