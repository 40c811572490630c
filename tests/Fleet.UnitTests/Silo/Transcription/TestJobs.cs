using Fleet.Silo.Ingest;
using Fleet.Silo.Transcription;
using Fleet.Storage;
using Microsoft.Extensions.Options;

namespace Fleet.UnitTests.Silo.Transcription;

/// <summary>Jobs of a length, of a device.</summary>
internal static class TestJobs
{
    private static readonly AudioMemory _memory = new(Options.Create(new IngestOptions()));
    private static long _number;

    public static TranscriptionJob Of(double seconds, string device = "pi", DateTimeOffset spokenAt = default) => new(
        new JobKey(new UtteranceKey(device, Guid.NewGuid()), 1, 1), PooledAudio.CopyOf(new byte[(int)(seconds * 16_000) * 2], _memory), 0, spokenAt, Interlocked.Increment(ref _number));

    public static List<TranscriptionJob> Many(int count, double seconds = 1) => [.. Enumerable.Range(0, count).Select(_ => Of(seconds))];
}
