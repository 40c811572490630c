namespace Fleet.Storage;

/// <summary>Reads what was said.</summary>
public sealed class TranscriptHistory(FleetDatabase database)
{
    /// <summary>One page of what a query finds.</summary>
    /// <exception cref="InvalidPageTokenException">The page token is not one that this query gave out.</exception>
    public Task<HistoryPage> SearchAsync(HistoryQuery query, CancellationToken cancellationToken = default) => throw new NotImplementedException(database.ToString());

    /// <summary>One utterance; null when there is none.</summary>
    public Task<UtteranceRecord?> GetAsync(string deviceId, Guid utteranceId, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The figures of the overview.</summary>
    public Task<HistoryCounts> CountsAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
