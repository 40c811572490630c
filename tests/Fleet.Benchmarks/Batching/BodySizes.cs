using System.Globalization;
using System.Runtime.InteropServices;
using Fleet.Silo.Transcription;

namespace Fleet.Benchmarks.Batching;

/// <summary>Bytes that a second of speech takes in each body.</summary>
internal static class BodySizes
{
    public static string Report(IReadOnlyList<ReadOnlyMemory<byte>> recordings)
    {
        var seconds = recordings.Sum(static pcm => pcm.Length) / 32_000.0;
        double PerSecond(ScoringFormat format, bool isCompressed) => recordings.Sum(pcm => ScoringRequest.Content(
            ScoringRequest.Write(format, [new ScoreInput(Guid.NewGuid(), pcm)]), isCompressed).Headers.ContentLength ?? 0) / seconds;
        // As Python's json writes the doubles that librosa loads: the sample by 32768, all of its digits, a comma and a space.
        var tutorial = recordings.Sum(static pcm => MemoryMarshal.Cast<byte, short>(pcm.Span).ToArray().Sum(static sample => (long)(sample / 32768.0).ToString("R", CultureInfo.InvariantCulture).Length + 2)) / seconds;
        var (batch, compressed) = (PerSecond(ScoringFormat.Batch, isCompressed: false), PerSecond(ScoringFormat.Batch, isCompressed: true));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            | body | bytes a second of audio |
            |---|---|
            | the tutorial's, by Python's json | {tutorial:N0} |
            | single, by the silo | {PerSecond(ScoringFormat.Single, isCompressed: false):N0} |
            | single, by the silo, gzip | {PerSecond(ScoringFormat.Single, isCompressed: true):N0} |
            | batch, to an endpoint that does not say that it takes gzip | {batch:N0} |
            | batch, gzip, as to our scoring server | {compressed:N0} |

            The tutorial's body is {tutorial / compressed:F1} times as large as batch with gzip (goal: 7), {tutorial / batch:F1} times as large as batch without.
            """);
    }
}
