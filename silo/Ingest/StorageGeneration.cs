using Fleet.Silo.Telemetry;
using Fleet.Storage;

namespace Fleet.Silo.Ingest;

/// <summary>Which database holds what was stored: devices that keep it for a while ask again when this changes.</summary>
internal sealed partial class StorageGeneration(FleetDatabase database, TimeProvider time, ILogger<StorageGeneration> logger)
{
    // A welcome does not wait for long: without it a device simply does not ask.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    /// <summary>Empty when the database cannot say.</summary>
    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_patience, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            // The driver may take seconds to give a call up: not waited for.
            return await database.GetGenerationAsync(over.Token).WaitAsync(over.Token);
        }
        catch (Exception exception)
        {
            LogUnknown(exception.Message);
            return "";
        }
    }

    [LoggerMessage(EventIds.GenerationUnknown, LogLevel.Debug, "The database does not say which one it is: {Reason}")]
    private partial void LogUnknown(string reason);
}
