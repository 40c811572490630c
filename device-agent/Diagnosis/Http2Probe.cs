using System.Text;

namespace Fleet.DeviceAgent.Diagnosis;

/// <summary>Says the first bytes of HTTP/2 and looks at how the answer begins, which tells more than a failed call does.</summary>
internal static class Http2Probe
{
    private const byte SettingsFrame = 4;
    private const byte TlsAlert = 0x15;
    private const int FrameHeaderBytes = 9;

    // The client's preface (RFC 9113, 3.4) and an empty SETTINGS frame.
    private static readonly byte[] _preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, SettingsFrame, 0, 0, 0, 0, 0];

    public static async Task<Http2Answer> AskAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_preface, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        var answer = new byte[FrameHeaderBytes];
        int read;
        try
        {
            read = await stream.ReadAtLeastAsync(answer, FrameHeaderBytes, throwOnEndOfStream: false, cancellationToken);
        }
        catch (IOException)
        {
            return Http2Answer.Silence; // a reset
        }

        return read switch
        {
            0 => Http2Answer.Silence,
            _ when answer[0] == TlsAlert => Http2Answer.Tls,
            _ when Encoding.ASCII.GetString(answer).StartsWith("HTTP/1", StringComparison.Ordinal) => Http2Answer.Http1,
            FrameHeaderBytes when answer[3] == SettingsFrame => Http2Answer.Http2,
            _ => Http2Answer.SomethingElse,
        };
    }
}
