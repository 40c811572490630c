using System.Text;
using Fleet.Benchmarks.Ingest;

namespace Fleet.UnitTests.Benchmarks.Ingest;

public sealed class DeviceAudioTests
{
    [Fact]
    public void Checksum_OfTheUsualDigits_IsTheOneOfRfc3720() => DeviceAudio.Checksum(Encoding.ASCII.GetBytes("123456789")).ShouldBe(0xE3069283u);
}
