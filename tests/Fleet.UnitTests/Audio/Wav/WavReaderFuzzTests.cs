using Fleet.Audio;

namespace Fleet.UnitTests.Audio.Wav;

/// <summary>Files that nobody wrote on purpose, always the same ones. What fails names its seed.</summary>
public sealed class WavReaderFuzzTests
{
    private const int Rounds = 4_000;

    // A header, a buffer of 4,096 frames, and what a file of a few kilobytes can hold.
    private const long MostBytes = 1_000_000;

    private static readonly byte[][] _good =
    [
        new WavBytes { Data = new byte[3_000], ListBytes = 27, Tail = [.. "LIST"u8, 4, 0, 0, 0, 1, 2, 3, 4] }.Build(),
        new WavBytes { ExtensibleTag = 1, Channels = 2, SampleRateHz = 48_000, Data = new byte[999] }.Build(),
        new WavBytes { Tag = 3, Bits = 32, Data = new byte[400] }.Build(),
        new WavBytes { Bits = 24, Data = new byte[300], PromisedBytes = uint.MaxValue }.Build(),
        [.. "RF64"u8, .. new WavBytes { Data = new byte[64], PromisedBytes = uint.MaxValue, ListBytes = 40 }.Build()[4..]],
    ];

    private static readonly string[] _ids = ["RIFF", "RF64", "WAVE", "fmt ", "data", "LIST", "ds64", "fact", "RIFX"];

    [Fact]
    public void Open_MutatedFiles_AreReadOrRefused()
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var bytes = _good[random.Next(_good.Length)].ToArray();
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                bytes = Mutate(bytes, random);
            }

            ReadAll(bytes, seed);
        }
    }

    [Fact]
    public void Open_RandomHeaders_AreReadOrRefused()
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            using var stream = new MemoryStream();
            stream.Write("RIFF\0\0\0\0WAVE"u8);
            for (var chunks = random.Next(1, 12); chunks > 0; chunks--)
            {
                stream.Write(System.Text.Encoding.ASCII.GetBytes(_ids[random.Next(_ids.Length)]));
                stream.Write(BitConverter.GetBytes(random.Next(3) == 0 ? random.Next() : random.Next(70)));
                var content = new byte[random.Next(70)];
                random.NextBytes(content);
                stream.Write(content);
            }

            ReadAll(stream.ToArray(), seed);
        }
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        var at = random.Next(Math.Max(1, Math.Min(bytes.Length, random.Next(2) == 0 ? 80 : bytes.Length)));
        switch (random.Next(6))
        {
            case 0 when bytes.Length > 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1 when bytes.Length > 0:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 2:
                return bytes[..at];
            case 3:
                return [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]];
            case 4 when bytes.Length > at:
                return [.. bytes[..at], .. bytes[(at + 1)..]];
            default:
                var number = BitConverter.GetBytes(random.Next(3) switch { 0 => uint.MaxValue, 1 => 0u, _ => (uint)random.NextInt64(uint.MaxValue) });
                number.AsSpan(0, Math.Min(4, bytes.Length - at)).CopyTo(bytes.AsSpan(at));
                return bytes;
        }
    }

    private static void ReadAll(byte[] bytes, int seed)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var reader = WavReader.Open(new MemoryStream(bytes), "fuzz.wav");
            var buffer = new short[512];
            var samples = 0L;
            while (reader.Read(buffer) is var count and > 0)
            {
                samples += count;
            }

            samples.ShouldBeLessThanOrEqualTo(bytes.Length, $"seed {seed}");
        }
        catch (WavFormatException ex)
        {
            ex.Message.ShouldContain("fuzz.wav", customMessage: $"seed {seed}");
        }
        catch (Exception ex) when (ex is not Shouldly.ShouldAssertException)
        {
            throw new InvalidOperationException($"seed {seed}: {Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 200)))}", ex);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MostBytes, $"seed {seed}");
    }
}
