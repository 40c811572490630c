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
        double PerSecond(ScoringFormat format) => recordings.Sum(pcm => ScoringRequest.Write(format, [new ScoreInput(Guid.NewGuid(), pcm)]).Headers.ContentLength ?? 0) / seconds;
        // As Python's json writes the doubles that librosa loads: the sample by 32768, all of its digits, a comma and a space.
        var tutorial = recordings.Sum(static pcm => MemoryMarshal.Cast<byte, short>(pcm.Span).ToArray().Sum(static sample => (long)(sample / 32768.0).ToString("R", CultureInfo.InvariantCulture).Length + 2)) / seconds;
        var batch = PerSecond(ScoringFormat.Batch);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            | body | bytes a second of audio |
            |---|---|
            | the tutorial's, by Python's json | {tutorial:N0} |
            | single, by the silo | {PerSecond(ScoringFormat.Single):N0} |
            | batch | {batch:N0} |

            The tutorial's body is {tutorial / batch:F1} times as large as batch (goal: 7).
            """);
    }
}
