using System.Buffers;
using System.Runtime.InteropServices;
using Fleet.Audio;

namespace Fleet.DeviceAgent.Capture.Live;

/// <summary>Tries a microphone for a moment: for <c>--check</c>.</summary>
internal static class InputProbe
{
    private const int BufferBytes = 8_192;

    /// <summary>Listens to an ALSA device for so long; within <see cref="CaptureOptions.HangTimeout"/> it gives sound or has a problem.</summary>
    public static async Task<InputProbeResult> MeasureAsync(
        CaptureOptions options, TimeSpan duration, TimeProvider time, CancellationToken cancellationToken)
    {
        var quality = new InputQuality();
        var wanted = (long)(duration.TotalSeconds * options.SampleRateHz * options.Channels);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        using var timeout = new CancellationTokenSource(options.HangTimeout + duration, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await using var arecord = ArecordProcess.Start(options, static _ => { }, time);
            while (quality.Levels.Samples < wanted)
            {
                // Whole samples only: the next read begins with one, too.
                var count = await ReadEvenAsync(arecord, buffer.AsMemory(0, BufferBytes), either.Token);
                if (count < sizeof(short))
                {
                    return new InputProbeResult(quality.Levels, await arecord.DescribeEndAsync(cancellationToken));
                }

                quality.Add(MemoryMarshal.Cast<byte, short>(buffer.AsSpan(0, count)));
            }

            return new InputProbeResult(quality.Levels, null);
        }
        catch (AudioSourceException ex)
        {
            return new InputProbeResult(quality.Levels, ex.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new InputProbeResult(
                quality.Levels,
                $"arecord gave {quality.Levels.Samples} samples in {(options.HangTimeout + duration).TotalSeconds:0} s: the device hangs; " +
                "plug it in again, or try another with: arecord -L");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<int> ReadEvenAsync(ArecordProcess arecord, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = await arecord.ReadAsync(buffer, cancellationToken);
        while (count % sizeof(short) != 0)
        {
            var more = await arecord.ReadAsync(buffer.Slice(count, 1), cancellationToken);
            if (more == 0)
            {
                return count - 1;
            }

            count += more;
        }

        return count;
    }
}
