using Fleet.Storage;
using Fleet.V1;
using Grpc.Core;
using Code = Fleet.V1.UtteranceRejected.Types.Code;

namespace Fleet.Silo.Ingest;

/// <summary>Where utterances of earlier sessions stand, and which are lost.</summary>
internal sealed partial class IngestSession
{
    // Questions that wait for their answer; a device asks one after the other.
    private const int MaxQueries = 8;

    // Losses that wait for their commit, so that one device cannot fill the queue of all.
    private const int MaxLosses = 512;

    // The longest that a question waits for the database. What could not be found out by then counts as not stored: sending it again is harmless.
    private static readonly TimeSpan _queryPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _queryRetry = TimeSpan.FromMilliseconds(200);

    private Task _resuming = Task.CompletedTask;
    private int _queries;
    private int _losses;

    private Status? Handle(ResumeQuery query)
    {
        if (MessageRules.Check(query) is { } fault)
        {
            return Invalid(fault);
        }

        if (Interlocked.Increment(ref _queries) > MaxQueries)
        {
            return Invalid($"resume_query: {MaxQueries} of them are not answered yet; wait for their resume_points.");
        }

        // Not here: the reader goes on, and with it the heartbeats.
        _resuming = AnswerAsync([.. query.UtteranceIds.Select(id => Guid.ParseExact(id, "D"))], _resuming);
        return null;
    }

    private async Task AnswerAsync(List<Guid> ids, Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var stored = await FindStoredAsync(ids);
        var points = new ResumePoints();
        points.Points.AddRange(ids.Select(id => new ResumePoint
        {
            UtteranceId = id.ToString("D"),
            Stored = stored.Contains(id),
            ReceivedBytes = stored.Contains(id) ? 0 : (ulong)_services.Parking.ReceivedBytes(new UtteranceKey(DeviceId, id), InstallId),
        }));
        Interlocked.Decrement(ref _queries);
        TrySend(new CloudMessage { ResumePoints = points });
    }

    private async Task<IReadOnlySet<Guid>> FindStoredAsync(List<Guid> ids)
    {
        using var patience = new CancellationTokenSource(_queryPatience, _services.Time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _ending.Token);
        try
        {
            // What an older session still has is parked first; what waits for its commit is committed first, or refused.
            await _services.Registry.OlderParkedAsync(this, over.Token);
            await _services.Writer.InProgress.WaitAsync([.. ids.Select(id => new UtteranceKey(DeviceId, id))], over.Token);
            while (ids.Count > 0)
            {
                try
                {
                    return await _services.Store.FindStoredAsync(DeviceId, ids, over.Token).WaitAsync(over.Token);
                }
                catch (StorageUnavailableException)
                {
                    await Task.Delay(_queryRetry, _services.Time, over.Token);
                }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // Nothing is known to be stored.
        }
        catch (Exception exception)
        {
            LogQueryFailed(DeviceId, exception);
        }

        return new HashSet<Guid>();
    }

    private async ValueTask<Status?> HandleAsync(UtteranceLost lost)
    {
        if (MessageRules.Check(lost) is { } fault)
        {
            return Invalid(fault);
        }

        var id = Guid.ParseExact(lost.UtteranceId, "D");
        _services.Parking.Take(new UtteranceKey(DeviceId, id), InstallId, 0)?.Dispose();
        if (_open.TryGetValue(id, out var assembly))
        {
            // Its disk failed while it sent.
            await LetGoAsync(assembly);
            Ignore(id);
        }

        Interlocked.Increment(ref _unanswered);
        if (Interlocked.Increment(ref _losses) <= MaxLosses && _services.Losses.TryEnqueue(new PendingLoss(ToRow(lost, id), this, _services.Time.GetTimestamp())))
        {
            return null;
        }

        Interlocked.Decrement(ref _losses);
        Interlocked.Decrement(ref _unanswered);
        Reject(id, Code.Unavailable, retryable: true, "Too many losses wait for the database; report it again later.");
        return null;
    }

    private NewLoss ToRow(UtteranceLost lost, Guid id) => new(
        DeviceId,
        id,
        Epoch,
        (long)lost.SequenceNumber,
        DateTimeOffset.FromUnixTimeMilliseconds(lost.StartedAtUnixMs),
        Enum.IsDefined(lost.Clock) ? lost.Clock : Clock.Unspecified,
        Enum.IsDefined(lost.Trigger) ? lost.Trigger : Trigger.Unspecified,
        Enum.IsDefined(lost.Reason) ? lost.Reason : UtteranceLost.Types.Reason.Unspecified,
        lost.Detail.Length > 0 ? lost.Detail : null,
        (long)lost.LengthBytes);
}
