using System.Runtime.InteropServices;
using Fleet.Audio;
using Fleet.DeviceAgent.Capture.Live;

namespace Fleet.UnitTests.Agent.Capture.Live;

public sealed class PcmConverterTests
{
    [Theory]
    [InlineData(16_000, 1)]
    [InlineData(16_000, 2)]
    [InlineData(44_100, 1)]
    [InlineData(48_000, 2)]
    public void Convert_BytesInPiecesOfAnySize_GivesTheSameAsAtOnce(int rate, int channels)
    {
        var random = new Random(1);
        var samples = Enumerable.Range(0, 40_000).Select(_ => (short)random.Next(-20_000, 20_000)).ToArray();
        var bytes = MemoryMarshal.AsBytes<short>(samples).ToArray();
        var mono = new short[samples.Length / channels];
        ChannelMix.ToMono(samples, channels, mono);
        var sut = new PcmConverter(rate, channels);
        var output = new List<short>();

        for (var at = 0; at < bytes.Length;)
        {
            var count = Math.Min(random.Next(1, 9_000), bytes.Length - at);
            output.AddRange(sut.Convert(bytes.AsSpan(at, count)).ToArray());
            at += count;
        }

        output.AddRange(sut.Complete().ToArray());
        output.ShouldBe(Resampler.Resample(mono, rate));
        sut.TakeLevels().ShouldBe(InputLevels.Of(samples));
    }

    [Fact]
    public void Complete_HalfASample_IsDroppedAndTheNextStreamBeginsWhole()
    {
        var sut = new PcmConverter(16_000, 2);
        sut.Convert([1, 0, 3, 0, 9]).ToArray().ShouldBe([2]);
        sut.HeldBytes.ShouldBe(1);

        sut.Complete().Length.ShouldBe(0);

        sut.Convert([5, 0, 7, 0]).ToArray().ShouldBe([6]);
    }
}
