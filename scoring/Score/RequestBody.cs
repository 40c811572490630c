using System.Buffers;
using System.IO.Compression;

namespace Fleet.Scoring.Score;

/// <summary>The body of a request in rented memory.</summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>The content coding that is understood.</summary>
    public const string Gzip = "gzip";

    // What a caller announces is believed as it arrives: else a few headers would take all memory.
    private const int FirstBytes = 64 * 1024;

    private byte[] _buffer;
    private int _length;

    private RequestBody(int capacity) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    /// <summary>Reads a body that may be gzip; the limit is for what comes out of it.</summary>
    /// <returns>The body, or null when it is larger than <paramref name="maxBytes"/>.</returns>
    /// <exception cref="ScoreFaultException">It is encoded in a way that is not understood, or not as it says.</exception>
    public static async Task<RequestBody?> ReadAsync(HttpRequest request, long maxBytes, CancellationToken cancellationToken)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        switch (encoding.ToUpperInvariant())
        {
            case "" or "IDENTITY":
                return await ReadAsync(request.Body, maxBytes, cancellationToken);
            case "GZIP":
                try
                {
                    await using var plain = new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true);
                    return await ReadAsync(plain, maxBytes, cancellationToken);
                }
                catch (InvalidDataException)
                {
                    throw new ScoreFaultException(
                        StatusCodes.Status400BadRequest, "The body is not gzip, as its Content-Encoding says: send it plain, or compress all of it.");
                }

            default:
                throw new ScoreFaultException(
                    StatusCodes.Status415UnsupportedMediaType, $"The Content-Encoding '{Shown(encoding)}' is not understood: send the body plain or as gzip.");
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private static string Shown(string header) => header.Length <= 40 ? header : header[..40] + "…";

    private static async Task<RequestBody?> ReadAsync(Stream stream, long maxBytes, CancellationToken cancellationToken)
    {
        var body = new RequestBody(FirstBytes);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(body._buffer.AsMemory(body._length), cancellationToken)) > 0)
            {
                body._length += read;
                if (body._length > maxBytes)
                {
                    body.Dispose();
                    return null;
                }

                if (body._length == body._buffer.Length)
                {
                    body.Grow();
                }
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
