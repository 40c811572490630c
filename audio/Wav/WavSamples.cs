using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Fleet.Audio;

/// <summary>Turns samples of any supported encoding into 16 bits, rounded to the nearest; what is too loud for 16 bits is clipped.</summary>
internal static class WavSamples
{
    private const double FullScale = 32_768;

    public static int Bytes(WavEncoding encoding) => encoding switch
    {
        WavEncoding.Pcm8 => 1,
        WavEncoding.Pcm16 => 2,
        WavEncoding.Pcm24 => 3,
        WavEncoding.Float64 => 8,
        _ => 4,
    };

    public static void Convert(ReadOnlySpan<byte> bytes, WavEncoding encoding, Span<short> samples)
    {
        switch (encoding)
        {
            case WavEncoding.Pcm16:
                // BinaryPrimitives is not needed: .NET runs Fleet on little-endian machines only, as WAV is.
                MemoryMarshal.Cast<byte, short>(bytes)[..samples.Length].CopyTo(samples);
                break;
            case WavEncoding.Pcm8:
                for (var i = 0; i < samples.Length; i++)
                {
                    samples[i] = (short)((bytes[i] - 128) << 8);
                }

                break;
            case WavEncoding.Pcm24:
                for (var i = 0; i < samples.Length; i++)
                {
                    var value = bytes[3 * i] | (bytes[(3 * i) + 1] << 8) | ((sbyte)bytes[(3 * i) + 2] << 16);
                    samples[i] = (short)Math.Min((value + 0x80) >> 8, short.MaxValue);
                }

                break;
            case WavEncoding.Pcm32:
                for (var i = 0; i < samples.Length; i++)
                {
                    samples[i] = (short)Math.Min((BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]) + 0x8000L) >> 16, short.MaxValue);
                }

                break;
            case WavEncoding.Float32:
                for (var i = 0; i < samples.Length; i++)
                {
                    samples[i] = FromFloat(BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]));
                }

                break;
            default:
                for (var i = 0; i < samples.Length; i++)
                {
                    samples[i] = FromFloat(BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]));
                }

                break;
        }
    }

    // "Not a number" is no sound.
    private static short FromFloat(double value) =>
        double.IsNaN(value) ? (short)0 : (short)Math.Clamp(Math.Round(value * FullScale), short.MinValue, short.MaxValue);
}
