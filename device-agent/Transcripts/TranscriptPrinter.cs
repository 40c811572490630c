using System.Text.Encodings.Web;
using System.Text.Json;
using Fleet.V1;

namespace Fleet.DeviceAgent.Transcripts;

/// <summary>Writes transcripts as they come: aligned columns for people, or one JSON object a line for programs. Thread safe.</summary>
internal sealed class TranscriptPrinter(TextWriter output, bool json, int deviceWidth, int sourceWidth)
{
    private static readonly JsonSerializerOptions _jsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();

    public void Print(string deviceId, string source, Transcript transcript)
    {
        var line = json ? Json(deviceId, source, transcript) : Columns(deviceId, source, transcript);
        lock (_lock)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    private string Columns(string deviceId, string source, Transcript transcript) =>
        $"{deviceId.PadRight(deviceWidth)}  {source.PadRight(sourceWidth)}  {transcript.Status switch
        {
            UtteranceStatus.Transcribed => transcript.Text,
            UtteranceStatus.Empty => "(no words)",
            UtteranceStatus.Failed => $"(failed: {transcript.Reason})",
            _ => $"({Name(transcript.Status)})",
        }}";

    private static string Json(string deviceId, string source, Transcript transcript) => JsonSerializer.Serialize(
        new
        {
            device = deviceId,
            utterance_id = transcript.UtteranceId,
            source,
            status = Name(transcript.Status),
            text = transcript.Text,
            reason = transcript.Reason,
        },
        _jsonOptions);

    private static string Name(UtteranceStatus status) => status switch
    {
        UtteranceStatus.Stored => "stored",
        UtteranceStatus.Transcribed => "transcribed",
        UtteranceStatus.Empty => "empty",
        UtteranceStatus.Failed => "failed",
        UtteranceStatus.Lost => "lost",
        _ => "unspecified",
    };
}
