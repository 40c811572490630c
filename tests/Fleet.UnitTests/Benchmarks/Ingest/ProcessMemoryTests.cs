using Fleet.Benchmarks.Ingest;

namespace Fleet.UnitTests.Benchmarks.Ingest;

public sealed class ProcessMemoryTests
{
    [Fact]
    public void Parse_Status_IsResidentMemoryInMiB() =>
        ProcessMemory.Parse(["Name:\tdotnet", "VmPeak:\t 9999999 kB", "VmRSS:\t  204800 kB", "Threads:\t20"]).ShouldBe(200);
}
