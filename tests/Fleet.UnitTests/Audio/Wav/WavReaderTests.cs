using System.Text;
using Fleet.Audio;

namespace Fleet.UnitTests.Audio.Wav;

public sealed class WavReaderTests
{
    private static readonly short[] _samples = [1, -2, 300, -400, short.MaxValue, short.MinValue, 7, 8];

    [Theory]
    [InlineData(8_000u, null, null)]
    [InlineData(11_025u, null, 0)]
    [InlineData(16_000u, (ushort)1, null)]
    [InlineData(22_050u, null, 26)]
    [InlineData(44_100u, (ushort)1, 27)]
    [InlineData(48_000u, null, 1)]
    public void ReadToEnd_SupportedFile_GivesItsSamples(uint rate, ushort? extensibleTag, int? listBytes)
    {
        var file = new WavBytes { SampleRateHz = rate, ExtensibleTag = extensibleTag, ListBytes = listBytes, Data = WavBytes.Samples(_samples) };

        var audio = Read(file);

        audio.SampleRateHz.ShouldBe((int)rate);
        audio.Channels.ShouldBe(1);
        audio.Samples.ToArray().ShouldBe(_samples);
    }

    [Fact]
    public void ReadToEnd_Stereo_GivesTheMean()
    {
        var audio = Read(new WavBytes { Channels = 2, Data = WavBytes.Samples(100, 300, -5, -5, short.MaxValue, short.MaxValue, 10, -10) });

        audio.Channels.ShouldBe(2);
        audio.Samples.ToArray().ShouldBe([200, -5, short.MaxValue, 0]);
    }

    [Fact]
    public void ReadToEnd_ChunksAfterTheAudio_AreNotAudio() =>
        Read(new WavBytes { Data = WavBytes.Samples(_samples), Tail = [.. "LIST"u8, 4, 0, 0, 0, 1, 2, 3, 4] }).Samples.Length.ShouldBe(_samples.Length);

    [Fact]
    public void ReadToEnd_HalfASampleAtTheEnd_GivesTheWholeOnes() =>
        Read(new WavBytes { Data = [.. WavBytes.Samples(_samples), 1], Tail = [0] }).Samples.ToArray().ShouldBe(_samples);

    [Fact]
    public void ReadToEnd_NoSamples_IsAnEmptyRecording() => Read(new WavBytes()).Samples.Length.ShouldBe(0);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ReadToEnd_SizeUnknownAsFromAPipe_ReadsToTheEnd(bool canSeek)
    {
        var samples = Enumerable.Range(0, 20_000).Select(static i => (short)i).ToArray();
        var bytes = new WavBytes { Data = WavBytes.Samples(samples), PromisedBytes = 0xFFFF_FFFF }.Build();

        using var reader = WavReader.Open(canSeek ? new MemoryStream(bytes) : new OneWayStream(bytes), "pipe");

        reader.SampleCount.ShouldBe(canSeek ? samples.Length : null);
        reader.ReadToEnd().Samples.ToArray().ShouldBe(samples);
        reader.SampleCount.ShouldBe(samples.Length);
    }

    public static TheoryData<string, byte[], string> Refused => new()
    {
        { "float", new WavBytes { Tag = 3, Bits = 32 }.Build(), "floating-point" },
        { "extensible float", new WavBytes { ExtensibleTag = 3 }.Build(), "floating-point" },
        { "µ-law", new WavBytes { Tag = 7, Bits = 8 }.Build(), "µ-law" },
        { "8 bits", new WavBytes { Bits = 8 }.Build(), "8-bit" },
        { "24 bits", new WavBytes { Bits = 24 }.Build(), "24-bit" },
        { "20 valid bits", new WavBytes { ExtensibleTag = 1, ValidBits = 12 }.Build(), "12-bit" },
        { "3 channels", new WavBytes { Channels = 3 }.Build(), "3 channels" },
        { "no channel", new WavBytes { Channels = 0 }.Build(), "0 channels" },
        { "too slow", new WavBytes { SampleRateHz = 7_999 }.Build(), "7999" },
        { "too fast", new WavBytes { SampleRateHz = 48_001 }.Build(), "48001" },
        { "wrong frame", new WavBytes { BlockAlign = 3 }.Build(), "damaged" },
        { "empty file", [], "not a WAV file" },
        { "text", Encoding.ASCII.GetBytes("Once upon a midnight dreary, while I pondered"), "not a WAV file" },
        { "ends in the header", new WavBytes().Build()[..30], "damaged" },
        { "no audio chunk", new WavBytes().Build()[..36], "ends before the audio" },
        { "ends in LIST", new WavBytes { ListBytes = 100 }.Build()[..60], "ends before the audio" },
        { "audio before format", [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVEdata"u8, 2, 0, 0, 0, 1, 1], "before the description" },
        { "cut off", new WavBytes { Data = new byte[100], PromisedBytes = 200 }.Build(), "promises 200 bytes of audio and has 100" },
        { "recorder killed", new WavBytes { Data = new byte[100], PromisedBytes = 0 }.Build(), "did not finish" },
        { "pipe cut in a sample", new WavBytes { Data = new byte[101], PromisedBytes = 0xFFFF_FFFF }.Build(), "middle of a sample" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Open_AnythingElse_SaysWhatAndWhatToDo(string name, byte[] file, string expected)
    {
        var error = Should.Throw<WavFormatException>(() => WavReader.Open(new MemoryStream(file), $"{name}.wav"));

        error.Message.ShouldContain(expected);
        error.Message.ShouldContain($"'{name}.wav'");
        error.Message.ShouldContain("ffmpeg");
    }

    [Fact]
    public void Read_StreamEndsBeforeTheAudioDoes_IsAnErrorNotTheEnd()
    {
        var bytes = new WavBytes { Data = WavBytes.Samples(new short[6_000]), PromisedBytes = 20_000 }.Build();
        using var sut = WavReader.Open(new OneWayStream(bytes), "socket");
        var buffer = new short[4_000];
        sut.Read(buffer).ShouldBe(4_000);

        Should.Throw<WavFormatException>(() => sut.Read(buffer)).Message.ShouldContain("promises 20000 bytes of audio and ends after 12000");
    }

    private static WavAudio Read(WavBytes file)
    {
        using var reader = WavReader.Open(new MemoryStream(file.Build()), "test.wav");
        return reader.ReadToEnd();
    }

    /// <summary>A stream that cannot seek and gives few bytes at a time, as a pipe.</summary>
    private sealed class OneWayStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1_000));
    }
}
