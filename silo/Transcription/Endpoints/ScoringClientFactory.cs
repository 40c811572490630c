using Microsoft.Extensions.Options;

namespace Fleet.Silo.Transcription;

/// <inheritdoc/>
internal sealed class ScoringClientFactory(IOptions<ScoringOptions> options, TimeProvider time, ILoggerFactory loggers) : IScoringClientFactory
{
    public IScoringClient Create(ScoringTarget target) => new ScoringClient(
        target,
        target.Auth == ScoringAuth.Entra
            ? new EntraCredential(() => EntraCredentials.Create(options.Value))
            : new KeyCredential(target.KeyFile, target.SecondaryKeyFile),
        time,
        loggers.CreateLogger<ScoringClient>());
}
