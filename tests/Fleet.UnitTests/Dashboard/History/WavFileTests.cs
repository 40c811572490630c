using System.Buffers.Binary;
using System.Text;
using Fleet.Dashboard.History;
using Fleet.Storage;

namespace Fleet.UnitTests.Dashboard.History;

public sealed class WavFileTests
{
    [Fact]
    public void Create_OfSamples_HasAHeaderThatFits()
    {
        var file = WavFile.Create(new StoredAudio(16_000, new byte[] { 1, 2, 3, 4 }));

        file.Length.ShouldBe(48);
        Encoding.ASCII.GetString(file, 0, 4).ShouldBe("RIFF");
        BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(4)).ShouldBe(40);
        Encoding.ASCII.GetString(file, 8, 8).ShouldBe("WAVEfmt ");
        BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(24)).ShouldBe(16_000);
        BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(28)).ShouldBe(32_000);
        BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(40)).ShouldBe(4);
        file[44..].ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void Create_OfHalfASample_LeavesItOut()
    {
        WavFile.Create(new StoredAudio(16_000, new byte[] { 1, 2, 3 })).Length.ShouldBe(46);
    }
}
