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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ReadToEnd_SizeZeroAsOfAKilledRecorder_ReadsToTheEnd(bool canSeek) =>
        ReadBytes(new WavBytes { Data = WavBytes.Samples(_samples), PromisedBytes = 0 }.Build(), canSeek).Samples.ToArray().ShouldBe(_samples);

    [Fact]
    public void ReadToEnd_SizeZeroAndMoreChunks_IsAnEmptyRecording() =>
        Read(new WavBytes { Tail = [.. "LIST"u8, 4, 0, 0, 0, 1, 2, 3, 4] }).Samples.Length.ShouldBe(0);

    [Theory]
    [InlineData(0x7FFF_FF00u)] // arecord
    [InlineData(0x7FFF_F000u)] // sox
    [InlineData(0x8000_0000u)]
    public void ReadToEnd_SizeAsOfASoxOrArecordPipe_ReadsToTheEnd(uint promised) =>
        Read(new WavBytes { Data = WavBytes.Samples(_samples), PromisedBytes = promised }).Samples.ToArray().ShouldBe(_samples);

    public static TheoryData<string, WavBytes, short[]> Encodings => new()
    {
        { "8 bits", new WavBytes { Bits = 8, Data = [128, 0, 255, 129] }, [0, -32768, 32512, 256] },
        { "24 bits, rounded", new WavBytes { Bits = 24, Data = [0x7F, 0, 0, 0x80, 0, 0, 0xFF, 0xFF, 0x7F, 0, 0, 0x80, 0x80, 0xFF, 0xFF] }, [0, 1, 32767, -32768, 0] },
        { "24 bits, extensible", new WavBytes { Bits = 24, ValidBits = 24, ExtensibleTag = 1, Data = [0, 1, 0, 0, 2, 0] }, [1, 2] },
        { "20 valid bits of 24", new WavBytes { Bits = 24, ValidBits = 20, ExtensibleTag = 1, Data = [0, 1, 0] }, [1] },
        { "12 valid bits of 16", new WavBytes { ValidBits = 12, ExtensibleTag = 1, Data = WavBytes.Samples(_samples) }, _samples },
        { "32 bits", new WavBytes { Bits = 32, Data = [0, 0, 1, 0, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0x80, 0, 0] }, [1, 32767, 1] },
        { "float", new WavBytes { Tag = 3, Bits = 32, Data = Floats(0, 0.5f, -1, 1, 7, -7, float.NaN, float.PositiveInfinity) }, [0, 16384, -32768, 32767, 32767, -32768, 0, 32767] },
        { "float, extensible", new WavBytes { ExtensibleTag = 3, Bits = 32, ValidBits = 32, Data = Floats(0.25f) }, [8192] },
        { "double", new WavBytes { Tag = 3, Bits = 64, Data = [.. BitConverter.GetBytes(0.5), .. BitConverter.GetBytes(double.NaN)] }, [16384, 0] },
        { "96 kHz", new WavBytes { SampleRateHz = 96_000, Data = WavBytes.Samples(_samples) }, _samples },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void ReadToEnd_OtherEncoding_IsRoundedTo16Bits(string name, WavBytes file, short[] expected) =>
        Read(file).Samples.ToArray().ShouldBe(expected, name);

    [Theory]
    [InlineData("LIST", 27, true, true)]
    [InlineData("LIST", 27, false, true)]
    [InlineData("LIST", 27, false, false)]
    [InlineData("fact", 4, true, true)]
    [InlineData("bext", 603, true, false)]
    [InlineData("bext", 603, false, false)]
    [InlineData("JUNK", 4_001, false, false)]
    [InlineData("cue ", 29, true, false)]
    [InlineData("id3 ", 33, false, true)]
    public void ReadToEnd_ChunkBeforeTheAudio_WithPaddingOrWithout_IsPassedOver(string id, int size, bool isPadded, bool canSeek)
    {
        var file = new WavBytes { Data = WavBytes.Samples(_samples) }.Build();
        byte[] extra = [.. Encoding.ASCII.GetBytes(id), .. BitConverter.GetBytes(size), .. Enumerable.Repeat((byte)'a', size), .. isPadded && size % 2 == 1 ? new byte[1] : []];

        // Once before the format, twice before the audio.
        byte[] bytes = [.. file[..12], .. extra, .. file[12..36], .. extra, .. extra, .. file[36..]];

        ReadBytes(bytes, canSeek).Samples.ToArray().ShouldBe(_samples);
    }

    [Fact]
    public void ReadToEnd_Rf64_TakesTheSizeFromItsOwnChunk()
    {
        var file = new WavBytes { Data = WavBytes.Samples(_samples), PromisedBytes = uint.MaxValue, Tail = [.. "LIST"u8, 2, 0, 0, 0, 1, 2] }.Build();
        byte[] ds64 = [.. "ds64"u8, 28, 0, 0, 0, .. new byte[8], .. BitConverter.GetBytes((long)(_samples.Length * 2)), .. new byte[12]];

        ReadBytes([.. "RF64"u8, .. file[4..12], .. ds64, .. file[12..]], canSeek: true).Samples.ToArray().ShouldBe(_samples);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_CutOff_GivesWhatIsThereAndThenSaysSo(bool canSeek)
    {
        var bytes = new WavBytes { Data = [.. WavBytes.Samples(_samples), 1], PromisedBytes = 20_000 }.Build();
        using var sut = WavReader.Open(canSeek ? new MemoryStream(bytes) : new OneWayStream(bytes), "cut.wav");
        var buffer = new short[100];

        sut.Read(buffer).ShouldBe(_samples.Length);

        buffer[.._samples.Length].ShouldBe(_samples);
        var error = Should.Throw<WavFormatException>(() => sut.Read(buffer)).Message;
        error.ShouldContain("'cut.wav' is cut off: it promises 20000 bytes of audio and has 17");
        error.ShouldContain("What is there was read");
    }

    [Fact]
    public void Open_SizesThatLie_TakeNoMemory()
    {
        var bytes = new WavBytes { Data = WavBytes.Samples(_samples), PromisedBytes = 0x7FFE_0000, ListBytes = 6 }.Build();
        var before = GC.GetAllocatedBytesForCurrentThread();

        using var sut = WavReader.Open(new OneWayStream(bytes), "liar.wav");
        Should.Throw<WavFormatException>(() => sut.ReadToEnd());

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000_000);
    }

    [Fact]
    public void Read_BothChannels_AreHeardForTheirLevel()
    {
        var data = WavBytes.Samples([.. Enumerable.Range(0, 100).SelectMany(static _ => new[] { short.MaxValue, (short)0 })]);
        using var sut = WavReader.Open(new MemoryStream(new WavBytes { Channels = 2, Data = data }.Build()), "left.wav");
        sut.Quality = new InputQuality();

        sut.Read(new short[200]).ShouldBe(100);

        sut.Quality.Take().FullScaleShare.ShouldBe(0.5);
    }

    public static TheoryData<string, byte[], string> Refused => new()
    {
        { "half float", new WavBytes { Tag = 3 }.Build(), "16-bit floating-point" },
        { "A-law", new WavBytes { Tag = 6, Bits = 8 }.Build(), "A-law" },
        { "ADPCM", new WavBytes { Tag = 17, Bits = 4 }.Build(), "ADPCM (IMA)" },
        { "MP3 in WAV", new WavBytes { Tag = 85, Bits = 0 }.Build(), "MPEG (MP3)" },
        { "GSM", new WavBytes { Tag = 49, Bits = 0 }.Build(), "GSM 6.10" },
        { "extensible µ-law", new WavBytes { ExtensibleTag = 7, Bits = 8, ValidBits = 8 }.Build(), "µ-law" },
        { "MP3", [.. "ID3"u8, 4, 0, 0, 0, 0, 0, 0, 0, 0], "is an MP3 file" },
        { "FLAC", [.. "fLaC"u8, 0, 0, 0, 34, 0, 0, 0, 0], "is a FLAC file" },
        { "Ogg", [.. "OggS"u8, 0, 2, 0, 0, 0, 0, 0, 0], "is an Ogg file" },
        { "M4A", [0, 0, 0, 32, .. "ftypM4A "u8], "is an MP4 file" },
        { "RIFX", [.. "RIFX"u8, 0, 0, 0, 4, .. "WAVE"u8], "big-endian" },
        { "AVI", [.. "RIFF"u8, 4, 0, 0, 0, .. "AVI "u8], "RIFF file, but not a WAV" },
        { "µ-law", new WavBytes { Tag = 7, Bits = 8 }.Build(), "µ-law" },
        { "40 bits", new WavBytes { Bits = 40 }.Build(), "40-bit" },
        { "24 valid bits of 16", new WavBytes { ExtensibleTag = 1, ValidBits = 24 }.Build(), "16 bits cannot hold 24" },
        { "6 channels", new WavBytes { Channels = 6 }.Build(), "6 channels, and only a person knows" },
        { "no channel", new WavBytes { Channels = 0 }.Build(), "0 channels" },
        { "too slow", new WavBytes { SampleRateHz = 7_999 }.Build(), "7999" },
        { "too fast", new WavBytes { SampleRateHz = 192_001 }.Build(), "192001" },
        { "wrong frame", new WavBytes { BlockAlign = 3 }.Build(), "damaged" },
        { "empty file", [], "is empty" },
        { "text", Encoding.ASCII.GetBytes("Once upon a midnight dreary, while I pondered"), "not a WAV file" },
        { "ends in the header", new WavBytes().Build()[..30], "damaged" },
        { "no audio chunk", new WavBytes().Build()[..36], "ends before the audio" },
        { "ends in LIST", new WavBytes { ListBytes = 100 }.Build()[..60], "ends before the audio" },
        { "audio before format", [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVEdata"u8, 2, 0, 0, 0, 1, 1], "before the description" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Open_AnythingElse_SaysWhatAndWhatToDo(string name, byte[] file, string expected)
    {
        var error = Should.Throw<WavFormatException>(() => WavReader.Open(new MemoryStream(file), $"{name}.wav"));

        error.Message.ShouldContain(expected);
        error.Message.ShouldContain($"'{name}.wav'");
        error.Message.ShouldContain($"ffmpeg -i '{name}.wav' ");
    }

    [Fact]
    public void Read_PipeCutWithinASample_GivesTheWholeOnesAndThenSaysSo()
    {
        using var sut = WavReader.Open(new MemoryStream(new WavBytes { Data = new byte[101], PromisedBytes = uint.MaxValue }.Build()), "pipe");
        var buffer = new short[100];

        sut.Read(buffer).ShouldBe(50);

        Should.Throw<WavFormatException>(() => sut.Read(buffer)).Message.ShouldContain("middle of a sample");
    }

    private static WavAudio Read(WavBytes file) => ReadBytes(file.Build(), canSeek: true);

    private static WavAudio ReadBytes(byte[] bytes, bool canSeek)
    {
        using var reader = WavReader.Open(canSeek ? new MemoryStream(bytes) : new OneWayStream(bytes), "test.wav");
        return reader.ReadToEnd();
    }

    private static byte[] Floats(params float[] samples) => [.. samples.SelectMany(BitConverter.GetBytes)];

    /// <summary>A stream that cannot seek and gives few bytes at a time, as a pipe.</summary>
    private sealed class OneWayStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1_000));
    }
}
