using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Audio.Keywords;

namespace Fleet.UnitTests.Audio.Keywords.Mfcc;

public sealed class MfccExtractorTests
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    public static TheoryData<int> Vectors => [.. Enumerable.Range(0, 28)];

    [Fact]
    public void Vectors_AreAllOfTheFile() => Assert.Equal(Vectors.Count, Read().Count);

    /// <summary>mfcc-vectors.json holds what Edge Impulse's own block answered; make-mfcc-vectors.py beside it says how.</summary>
    [Theory]
    [MemberData(nameof(Vectors))]
    public void Extract_IsEdgeImpulsesOwnMfcc(int index)
    {
        var vector = Read()[index];
        var sut = new MfccExtractor(vector.Parameters, vector.SampleRateHz, vector.Length);
        var expected = MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(vector.Float32)).ToArray();

        var actual = new float[sut.FeatureCount];
        sut.Extract(MfccSounds.Make(vector.Sound, vector.Length), actual);

        Assert.Equal(vector.Frames, sut.Frames);
        Assert.Equal(expected.Length, actual.Length);

        // Of steady sounds nothing but rounding is left, which the block divides by 1e-10: those may differ by as much as there is of it.
        var tolerance = expected.All(static value => Math.Abs(value) < 1e-3f) ? 1e-3f : 1e-5f;
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])),
                $"{vector.Sound}: feature {i} is {actual[i]}, the reference says {expected[i]}");
        }
    }

    [Fact]
    public void Extract_Twice_IsTheSame()
    {
        var sut = new MfccExtractor(new MfccParameters(), 16_000, 16_000);
        var (first, second) = (new float[sut.FeatureCount], new float[sut.FeatureCount]);

        sut.Extract(MfccSounds.Make("speech", 16_000), first);
        sut.Extract(MfccSounds.Make("noise", 16_000), second);
        sut.Extract(MfccSounds.Make("speech", 16_000), second);

        Assert.Equal(first, second);
    }

    public static TheoryData<MfccParameters, string> BadParameters => new()
    {
        { new MfccParameters { Version = 5 }, "'version'" },
        { new MfccParameters { FftLength = 300 }, "'fft_length'" },
        { new MfccParameters { FftLength = 16_384 }, "'fft_length'" },
        { new MfccParameters { Filters = 1 }, "'filters'" },
        { new MfccParameters { Coefficients = 33 }, "'coefficients'" },
        { new MfccParameters { NormalisationFrames = 100 }, "'window_size'" },
        { new MfccParameters { HighFrequencyHz = 9_000 }, "'high_frequency'" },
        { new MfccParameters { LowFrequencyHz = 4_000, HighFrequencyHz = 3_000 }, "'low_frequency'" },
        { new MfccParameters { Version = 3 }, "raise 'fft_length'" }, // as the block itself refuses
        { new MfccParameters { FrameLengthSeconds = 2 }, "'frame_length'" },
        { new MfccParameters { FrameStrideSeconds = 0.001 }, "'frame_stride'" },
        { new MfccParameters { FrameStrideSeconds = 0 }, "'frame_stride'" },
    };

    [Theory]
    [MemberData(nameof(BadParameters))]
    public void Constructor_BadParameters_SayWhatToChange(MfccParameters parameters, string expected)
    {
        var error = Assert.Throws<ArgumentException>(() => new MfccExtractor(parameters, 16_000, 16_000));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static List<Vector> Read() =>
        JsonSerializer.Deserialize<List<Vector>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "mfcc-vectors.json")), _json)!; // a list it is

    private sealed record Vector
    {
        public required string Sound { get; init; }

        public required int Length { get; init; }

        public required int SampleRateHz { get; init; }

        public required int Version { get; init; }

        public required double FrameLength { get; init; }

        public required double FrameStride { get; init; }

        public required int Filters { get; init; }

        public required int FftLength { get; init; }

        public required int Coefficients { get; init; }

        public required int WindowSize { get; init; }

        public required double LowFrequencyHz { get; init; }

        public required double HighFrequencyHz { get; init; }

        public required double PreCoefficient { get; init; }

        public required int Frames { get; init; }

        public required string Float32 { get; init; }

        [JsonIgnore]
        public MfccParameters Parameters => new()
        {
            Version = Version,
            Coefficients = Coefficients,
            FrameLengthSeconds = FrameLength,
            FrameStrideSeconds = FrameStride,
            Filters = Filters,
            FftLength = FftLength,
            NormalisationFrames = WindowSize,
            LowFrequencyHz = LowFrequencyHz,
            HighFrequencyHz = HighFrequencyHz,
            PreEmphasis = PreCoefficient,
        };
    }
}
