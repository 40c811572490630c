using Fleet.V1;

namespace Fleet.Dashboard.Devices;

/// <summary>What holds transcripts up, as the silos say.</summary>
/// <param name="AreWaiting">A silo has no deployment that answers.</param>
/// <param name="Away">By silo and name.</param>
public sealed record TranscriberState(bool AreWaiting, IReadOnlyList<DeploymentTrouble> Away)
{
    /// <summary>Also of silos that do not say.</summary>
    public static TranscriberState Fine { get; } = new(false, []);

    /// <summary>Of silos that answer; those of older versions do not say.</summary>
    public static TranscriberState Of(IEnumerable<SiloInfo> silos)
    {
        List<SiloInfo> known = [.. silos.Where(static silo => silo.Transcriber is not null)];
        return new TranscriberState(
            known.Exists(static silo => silo.Transcriber.Deployments.Count > 0 && silo.Transcriber.Deployments.All(IsAway)),
            [
                .. known.SelectMany(static silo => silo.Transcriber.Deployments.Where(IsAway).Select(one => new DeploymentTrouble(silo.Name, one.Name, one.AwayBecause)))
                    .OrderBy(static one => one.Silo, StringComparer.Ordinal).ThenBy(static one => one.Deployment, StringComparer.Ordinal),
            ]);
    }

    private static bool IsAway(DeploymentInfo deployment) => deployment.AwayBecause.Length > 0;
}
