using System.Buffers.Binary;
using Fleet.Cli.Api;
using Fleet.Cli.Transcribe;

namespace Fleet.UnitTests.Cli.Transcribe;

/// <summary>Recordings of the usual shapes become what the fleet takes.</summary>
public sealed class RecordingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-wav-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(16_000, 1, 16, 1)]
    [InlineData(44_100, 2, 16, 1)]
    [InlineData(48_000, 1, 24, 1)]
    [InlineData(8_000, 1, 8, 1)]
    [InlineData(96_000, 2, 32, 3)]
    public void Read_UsualShapes_AreASecondOf16kHzMono(int rate, short channels, short bits, short format)
    {
        var file = WriteWav(rate, channels, bits, format, frames: rate);

        var recording = Recording.Read(file);

        recording.Pcm.Length.ShouldBe(32_000);
        recording.Duration.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Read_At16kHz_IsTheSamplesThemselves()
    {
        var file = WriteWav(16_000, 1, 16, 1, frames: 100);

        Recording.Read(file).Pcm.ShouldBe(File.ReadAllBytes(file)[44..]);
    }

    [Fact]
    public void Read_WhatIsNoRecording_SaysWhy()
    {
        var text = Path.Combine(_folder, "text.wav");
        File.WriteAllText(text, "this is not a recording, whatever its name says");

        Should.Throw<CliException>(() => Recording.Read(text)).Message.ShouldContain("text.wav");
        Should.Throw<CliException>(() => Recording.Read(Path.Combine(_folder, "none.wav"))).Message.ShouldContain("cannot be read");
        Should.Throw<CliException>(() => Recording.Read(WriteWav(16_000, 1, 16, 1, frames: 0))).Message.ShouldContain("holds no sound");
        Should.Throw<CliException>(() => Recording.Read(WriteWav(8_000, 1, 8, 1, frames: (8_000 * 601)))).Message.ShouldContain("longer than 10 minutes");
    }

    private string WriteWav(int rate, short channels, short bits, short format, int frames)
    {
        var frameBytes = channels * bits / 8;
        var bytes = new byte[44 + (frames * frameBytes)];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20), format);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), channels);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), rate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), rate * frameBytes);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), (short)frameBytes);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(34), bits);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), frames * frameBytes);
        if (format == 1)
        {
            new Random(3).NextBytes(bytes.AsSpan(44));
        }

        var file = Path.Combine(_folder, $"{Guid.NewGuid():N}.wav");
        File.WriteAllBytes(file, bytes);
        return file;
    }
}
