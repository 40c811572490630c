using Fleet.Silo.Membership;

namespace Fleet.Silo.Transcription;

/// <inheritdoc/>
internal sealed class TranscriberGauge(TranscriptionQueue queue, ScoringDeployments deployments) : ITranscriberGauge
{
    public TranscriberLoad Read() => new(
        queue.Waiting + queue.Resting,
        [
            .. deployments.All.Select(static one => new DeploymentLoad(
                one.Target.Name, one.Target.Weight, one.Limit.InFlight, one.Limit.Limit, one.Breaker.OpenBecause)),
        ]);
}
