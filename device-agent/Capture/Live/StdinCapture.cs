using System.Buffers;
using Fleet.Audio;

namespace Fleet.DeviceAgent.Capture.Live;

/// <summary>
/// Sound from standard input: raw S16_LE, or a WAV stream, which is known by its first bytes. Nothing is dropped: whoever writes waits when
/// the agent is slow. Its end is the end of the source.
/// </summary>
internal sealed partial class StdinCapture(CaptureOptions options, Stream input, ILogger logger) : ICapture
{
    private const int BufferBytes = 3_200;
    private const int RiffBytes = 4;

    public async Task RunAsync(SampleQueue queue, CancellationToken cancellationToken)
    {
        // A thread of its own: a read of a terminal or pipe cannot be cancelled, and at the stop it is left behind.
        var reading = Task.Factory.StartNew(
            () => ReadAsync(queue, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        try
        {
            await reading.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The agent stops.
        }
        catch (Exception ex) when (ex is WavFormatException or IOException or UnauthorizedAccessException)
        {
            LogUnreadable(ex.Message);
        }
        finally
        {
            queue.Complete();
        }
    }

    private async Task ReadAsync(SampleQueue queue, CancellationToken cancellationToken)
    {
        var start = new byte[RiffBytes];
        var known = input.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        var whole = new PrefixedStream(start.AsMemory(0, known), input);
        if (start.AsSpan().SequenceEqual("RIFF"u8) || start.AsSpan().SequenceEqual("RF64"u8) || start.AsSpan().SequenceEqual("RIFX"u8))
        {
            await ReadWavAsync(whole, queue, cancellationToken);
        }
        else
        {
            await ReadRawAsync(whole, queue, cancellationToken);
        }
    }

    private async Task ReadRawAsync(PrefixedStream stream, SampleQueue queue, CancellationToken cancellationToken)
    {
        var converter = new PcmConverter(options.SampleRateHz, options.Channels);
        var buffer = new byte[BufferBytes];
        while (stream.Read(buffer) is var count and > 0)
        {
            await queue.WriteAsync(converter.Convert(buffer.AsSpan(0, count)), converter.TakeLevels(), cancellationToken);
        }

        if (converter.HeldBytes > 0)
        {
            LogHalfSample(converter.HeldBytes);
        }

        await queue.WriteAsync(converter.Complete(), default, cancellationToken);
    }

    private static async Task ReadWavAsync(PrefixedStream stream, SampleQueue queue, CancellationToken cancellationToken)
    {
        using var reader = WavReader.Open(stream, "standard input", leaveOpen: true);
        reader.Quality = new InputQuality();
        var resampler = new Resampler(reader.SampleRateHz);
        var output = new ArrayBufferWriter<short>();
        var mono = new short[BufferBytes / sizeof(short)];
        try
        {
            while (reader.Read(mono) is var count and > 0)
            {
                resampler.Push(mono.AsSpan(0, count), output);
                await queue.WriteAsync(output.WrittenMemory, reader.Quality.Take(), cancellationToken);
                output.ResetWrittenCount();
            }
        }
        finally
        {
            // Also before it is told that the stream was cut off: what came is sound.
            resampler.Complete(output);
            await queue.WriteAsync(output.WrittenMemory, default, cancellationToken);
        }
    }

    [LoggerMessage(510, LogLevel.Error, "Standard input cannot be read (any further): {Reason}")]
    private partial void LogUnreadable(string reason);

    [LoggerMessage(511, LogLevel.Warning, "Standard input ended within a sample: its last {Bytes} bytes are dropped. Is it S16_LE with --input-channels channels?")]
    private partial void LogHalfSample(int bytes);
}
