using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Fleet.Audio.Keywords;

/// <summary>
/// Messages to a runner and its answers, over its socket: <c>{"hello":1,"id":1}</c>, <c>{"classify":[…],"id":2}</c>, each answered by one object. Bounded in
/// time and size. Not thread safe. The protocol is that of edgeimpulse/example-standalone-inferencing-linux, source/eim.cpp.
/// </summary>
internal sealed class EimConnection(Socket socket) : IDisposable
{
    // As the runner's own bound for what it is sent; its answers have some kilobytes.
    private const int MaxReplyBytes = 10 * 1024 * 1024;
    private const int FirstReplyBytes = 16 * 1024;

    private readonly ArrayBufferWriter<byte> _message = new(FirstReplyBytes);
    private byte[] _reply = new byte[FirstReplyBytes];
    private int _id;

    /// <exception cref="KeywordModelException">It does not answer in time, or not as it should.</exception>
    public EimHello Hello(TimeSpan timeout) => EimHello.Read(Ask("\"hello\":1", timeout));

    /// <exception cref="KeywordModelException">It does not answer in time, or not as it should.</exception>
    public void SetThreshold(EimThreshold threshold, TimeSpan timeout)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $"\"id\":{threshold.Id}");
        body += threshold.MinScore is { } score ? string.Create(CultureInfo.InvariantCulture, $",\"min_score\":{score:R}") : "";
        body += threshold.MinAnomalyScore is { } anomaly ? string.Create(CultureInfo.InvariantCulture, $",\"min_anomaly_score\":{anomaly:R}") : "";
        Ask($"\"set_threshold\":{{{body}}}", timeout);
    }

    /// <summary>The scores of a window, or of the window that ends with this slice.</summary>
    /// <param name="samples">As they come from the microphone: whole numbers.</param>
    /// <param name="isSlice">The next slice of a stream, not a whole window.</param>
    /// <param name="labels">Whose scores are wanted.</param>
    /// <param name="scores">In that order.</param>
    /// <param name="timeout">For sending and receiving together.</param>
    /// <exception cref="KeywordModelException">It does not answer in time, or not as it should.</exception>
    public void Classify(ReadOnlySpan<short> samples, bool isSlice, IReadOnlyList<string> labels, Span<float> scores, TimeSpan timeout)
    {
        Begin(isSlice ? "{\"classify_continuous\":["u8 : "{\"classify\":["u8);
        for (var i = 0; i < samples.Length; i++)
        {
            var room = _message.GetSpan(8);
            var written = 0;
            if (i > 0)
            {
                room[written++] = (byte)',';
            }

            samples[i].TryFormat(room[written..], out var digits, default, CultureInfo.InvariantCulture);
            _message.Advance(written + digits);
        }

        _message.Write("]"u8);
        EimReply.ReadScores(Exchange(timeout), labels, scores);
    }

    public void Dispose() => socket.Dispose();

    private JsonElement Ask(string member, TimeSpan timeout)
    {
        Begin("{"u8);
        _message.Write(Encoding.UTF8.GetBytes(member));
        return Exchange(timeout);
    }

    private void Begin(ReadOnlySpan<byte> start)
    {
        _message.ResetWrittenCount();
        _message.Write(start);
    }

    private JsonElement Exchange(TimeSpan timeout)
    {
        var id = ++_id;
        _message.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $",\"id\":{id}}}\n")));
        var started = Stopwatch.GetTimestamp();
        try
        {
            Send(timeout, started);
            return EimReply.Check(Receive(timeout, started), id);
        }
        catch (SocketException ex) when (ex.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            throw Late(timeout, ex);
        }
        catch (SocketException ex)
        {
            throw new KeywordModelException($"The connection to the runner broke: {ex.Message}", ex);
        }
        catch (JsonException ex)
        {
            throw new KeywordModelException("The runner answers with something that is no JSON object.", ex);
        }
    }

    private void Send(TimeSpan timeout, long started)
    {
        for (var rest = _message.WrittenSpan; rest.Length > 0;)
        {
            socket.SendTimeout = Left(timeout, started);
            rest = rest[socket.Send(rest)..];
        }
    }

    private JsonElement Receive(TimeSpan timeout, long started)
    {
        var framing = new EimFraming();
        var length = 0;
        while (true)
        {
            if (length == _reply.Length)
            {
                if (length >= MaxReplyBytes)
                {
                    throw new KeywordModelException($"The runner's answer has more than {MaxReplyBytes} bytes.");
                }

                Array.Resize(ref _reply, Math.Min(2 * length, MaxReplyBytes));
            }

            socket.ReceiveTimeout = Left(timeout, started);
            var count = socket.Receive(_reply.AsSpan(length));
            if (count == 0)
            {
                throw new KeywordModelException("The runner closed the connection in the middle of an answer.");
            }

            var taken = framing.Take(_reply.AsSpan(length, count));
            if (taken >= 0)
            {
                using var document = JsonDocument.Parse(_reply.AsMemory(0, length + taken));
                return document.RootElement.Clone();
            }

            length += count;
        }
    }

    // A runner that answers byte by byte has no more time than others. 0 would be for ever.
    private static int Left(TimeSpan timeout, long started)
    {
        var left = (timeout - Stopwatch.GetElapsedTime(started)).TotalMilliseconds;
        return left > 0 ? (int)Math.Ceiling(left) : throw Late(timeout, null);
    }

    private static KeywordModelException Late(TimeSpan timeout, Exception? cause) =>
        new($"The runner did not answer within {timeout.TotalMilliseconds:0} ms.", cause);
}
