using Fleet.Silo.Membership;
using Fleet.Silo.Transcription;

namespace Fleet.Silo.Hosting;

/// <summary>What orchestrators and people ask: is the process alive, can it do its work.</summary>
internal static class HealthEndpoints
{
    public static void Map(WebApplication app)
    {
        // The process answers: nothing else decides, since a restart mends nothing that is outside of it.
        app.MapGet("/healthz/live", () => Results.Text("live\n"));
        app.MapGet("/healthz/ready", (SiloStatus status, IActorHost actors, ScoringDeployments scoring) => (status.NotReadyBecause ?? actors.NotReadyBecause) is { } reason
            ? Results.Text($"not ready: {reason}\n", statusCode: StatusCodes.Status503ServiceUnavailable)
            // Without its endpoint a silo still takes and keeps everything: ready, and it says what is missing.
            : Results.Text(scoring.AwayBecause is { } away
                ? $"ready; transcripts wait: {away}\n"
                : scoring.TroubledBecause is { } troubled ? $"ready; other deployments stand in for {troubled}\n" : "ready\n"));
    }
}
