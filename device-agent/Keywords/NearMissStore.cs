using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Fleet.DeviceAgent.Keywords;

/// <summary>The last near misses as recordings on the device, and nowhere else: to see why a keyword was not heard. The oldest goes.</summary>
internal sealed class NearMissStore(string folder, int most, TimeProvider time)
{
    private const int SampleRateHz = 16_000;
    private const int HeaderBytes = 44;

    public void Keep(ReadOnlySpan<short> samples)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var name = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss.fff'Z'", CultureInfo.InvariantCulture) + ".wav";
        var pcm = MemoryMarshal.AsBytes(samples);
        File.WriteAllBytes(Path.Combine(folder, name), [.. Header(pcm.Length), .. pcm]);
        foreach (var old in Directory.GetFiles(folder, "*.wav").Order(StringComparer.Ordinal).SkipLast(most))
        {
            File.Delete(old);
        }
    }

    private static byte[] Header(int bytes)
    {
        var header = new byte[HeaderBytes];
        Encoding.ASCII.GetBytes("RIFF").CopyTo(header, 0);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), HeaderBytes - 8 + bytes);
        Encoding.ASCII.GetBytes("WAVEfmt ").CopyTo(header, 8);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), SampleRateHz);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), SampleRateHz * sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(32), sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(34), 8 * sizeof(short));
        Encoding.ASCII.GetBytes("data").CopyTo(header, 36);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(40), bytes);
        return header;
    }
}
