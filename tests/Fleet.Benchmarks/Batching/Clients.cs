using Fleet.Silo.Transcription;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Benchmarks.Batching;

/// <summary>The silo's own client, for all of them: what is compared is when it is called with what.</summary>
internal static class Clients
{
    public static ScoringClient Create(ScoringTarget target) =>
        new(target, new KeyCredential(target.KeyFile, ""), TimeProvider.System, NullLogger<ScoringClient>.Instance);
}
