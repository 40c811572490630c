using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using Fleet.Cli.Api;
using Fleet.V1;

namespace Fleet.Cli.History;

/// <summary>Puts the sound of utterances into a folder, one WAV file each; what is there already stays.</summary>
internal sealed partial class AudioFolder(string folder, FleetClient client)
{
    private const int HeaderBytes = 44;

    // More than the longest utterance that any silo takes.
    private const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>The file; null when there is no audio (any more).</summary>
    public async Task<string?> SaveAsync(TranscriptRecord row, CancellationToken cancellationToken)
    {
        if (!row.HasAudio || !SafeName().IsMatch(row.DeviceId) || !Guid.TryParseExact(row.UtteranceId, "D", out var id))
        {
            return null;
        }

        var started = DateTimeOffset.FromUnixTimeMilliseconds(row.StartedAtUnixMs).UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var file = Path.Combine(folder, $"{row.DeviceId}-{started}-{id:D}.wav");
        if (File.Exists(file))
        {
            return file;
        }

        using var pcm = new MemoryStream();
        var rate = await ReadAsync(row, pcm, cancellationToken);
        if (rate == 0)
        {
            return null;
        }

        try
        {
            Directory.CreateDirectory(folder);
            // Under its name only when it is whole.
            var part = file + ".part";
            await using (var stream = File.Create(part))
            {
                await stream.WriteAsync(Header(rate, (int)pcm.Length), cancellationToken);
                pcm.Position = 0;
                await pcm.CopyToAsync(stream, cancellationToken);
            }

            File.Move(part, file, overwrite: true);
            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"{file} cannot be written: {exception.Message}");
        }
    }

    private async Task<int> ReadAsync(TranscriptRecord row, MemoryStream pcm, CancellationToken cancellationToken)
    {
        using var call = client.Api.GetAudio(
            new GetAudioRequest { DeviceId = row.DeviceId, UtteranceId = row.UtteranceId }, client.Headers, cancellationToken: cancellationToken);
        var rate = 0;
        try
        {
            while (await call.ResponseStream.MoveNext(cancellationToken))
            {
                var piece = call.ResponseStream.Current;
                rate = piece.Format is { } format ? (int)format.SampleRateHz : rate;
                if (pcm.Length + piece.Pcm.Length > MaxBytes)
                {
                    throw new CliException($"The audio of utterance {row.UtteranceId} is longer than any utterance may be.");
                }

                await pcm.WriteAsync(piece.Pcm.Memory, cancellationToken);
            }
        }
        catch (Grpc.Core.RpcException exception) when (exception.StatusCode == Grpc.Core.StatusCode.NotFound)
        {
            // Erased or expired since it was listed.
            return 0;
        }

        return rate;
    }

    // RIFF, PCM, one channel of 16 bits.
    private static byte[] Header(int rate, int bytes)
    {
        var header = new byte[HeaderBytes];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), HeaderBytes - 8 + bytes);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), rate);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), rate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(34), 16);
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(40), bytes);
        return header;
    }

    // A name from elsewhere becomes part of a path.
    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,63}\z")]
    private static partial Regex SafeName();
}
