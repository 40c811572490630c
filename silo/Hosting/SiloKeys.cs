using Fleet.Contracts.CommandLine;
using Fleet.Silo.Access;
using Fleet.Silo.Devices;
using Fleet.Silo.Ingest;
using Fleet.Silo.Membership;
using Fleet.Silo.Transcription;
using Fleet.Storage;

namespace Fleet.Silo.Hosting;

/// <summary>Every key that the silo reads.</summary>
internal static class SiloKeys
{
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
        .. OptionKeys.Of(DatabaseOptions.Section, typeof(DatabaseOptions)),
    ];
}
