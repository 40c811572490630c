using Fleet.Dashboard.History;

namespace Fleet.UnitTests.Dashboard.History;

public sealed class WaveformTests
{
    [Fact]
    public void Peaks_OfLoudAndSoftHalves_AreRelativeToTheLoudest()
    {
        byte[] pcm = [0, 64, 0, 64, 0, 32, 0, 224]; // 16384, 16384, 8192, -8192

        Waveform.Peaks(pcm, 2).ShouldBe([1f, 0.5f]);
    }

    [Fact]
    public void Peaks_OfNearSilence_StayLow()
    {
        byte[] pcm = [10, 0, 246, 255];

        Waveform.Peaks(pcm, 2).ShouldAllBe(peak => peak < 0.01f);
    }

    [Fact]
    public void Peaks_OfExtremesAndOfNothing_DoNotFail()
    {
        Waveform.Peaks([0, 128], 10).ShouldBe([1f]); // -32768 has no positive twin.
        Waveform.Peaks([], 10).ShouldBeEmpty();
        Waveform.Peaks([1], 10).ShouldBeEmpty();
    }
}
