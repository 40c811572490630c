using System.Globalization;
using Fleet.Contracts.CommandLine;
using Fleet.Silo.Access;
using Fleet.Silo.Devices;
using Fleet.Silo.Ingest;
using Fleet.Silo.Membership;
using Fleet.Silo.Retranscription;
using Fleet.Silo.Transcription;
using Fleet.Storage;

namespace Fleet.Silo.Hosting;

/// <summary>Every key that the silo reads.</summary>
internal static class SiloKeys
{
    // As many as a managed endpoint has.
    private const int MostDeployments = 20;

    public static IReadOnlyCollection<string> All { get; } =
    [
        .. OptionKeys.Of(RuntimeOptions.Section, typeof(RuntimeOptions)),
        .. OptionKeys.Of(GrpcOptions.Section, typeof(GrpcOptions)),
        .. OptionKeys.Of(HttpOptions.Section, typeof(HttpOptions)),
        .. OptionKeys.Of(CredentialOptions.Section, typeof(CredentialOptions)),
        .. OptionKeys.Of(SiloOptions.Section, typeof(SiloOptions)),
        .. OptionKeys.Of(OrleansOptions.Section, typeof(OrleansOptions)),
        .. OptionKeys.Of(DevicesOptions.Section, typeof(DevicesOptions)),
        .. OptionKeys.Of(IngestOptions.Section, typeof(IngestOptions)),
        .. OptionKeys.Of(ScoringOptions.Section, typeof(ScoringOptions)),
        .. OptionKeys.Of(RetranscriptionOptions.Section, typeof(RetranscriptionOptions)),
        .. OptionKeys.Of(DatabaseOptions.Section, typeof(DatabaseOptions)),
    ];

    /// <summary>And those of the list of deployments, by their numbers.</summary>
    public static IReadOnlyCollection<string> Accepted { get; } =
    [
        .. All,
        .. Enumerable.Range(0, MostDeployments).SelectMany(number =>
            OptionKeys.Of(string.Create(CultureInfo.InvariantCulture, $"{ScoringOptions.Section}:{nameof(ScoringOptions.Deployments)}:{number}"), typeof(ScoringDeploymentOptions))),
    ];
}
