using Fleet.V1;

namespace Fleet.DeviceAgent.Uplink;

// What the cloud says.
internal sealed partial class UplinkSession
{
    // Kept on disk when it has moved by so much: each write wears the SD card.
    private static readonly TimeSpan _serverTimeStep = TimeSpan.FromHours(1);

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in connection.ReadAllAsync(cancellationToken))
            {
                Interlocked.Exchange(ref _beatsWithoutAnswer, 0);
                Handle(message);
                context.Wake.Set();
            }

            Over(SessionEnd.Faulted, "the cloud ended the session");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The session is over, for a reason that is told already.
        }
        catch (IngestException ex)
        {
            Over(SessionEnd.Faulted, ex.Message, ex.Fault);
        }
        catch (Exception ex)
        {
            LogUnexpected(ex);
            Over(SessionEnd.Faulted, ex.Message);
        }
    }

    private void Handle(CloudMessage message)
    {
        switch (message.KindCase)
        {
            case CloudMessage.KindOneofCase.Welcome:
                _welcome.TrySetResult(message.Welcome);
                break;
            case CloudMessage.KindOneofCase.UtteranceStored:
                OnStored(message.UtteranceStored);
                break;
            case CloudMessage.KindOneofCase.UtteranceRejected:
                OnRejected(message.UtteranceRejected);
                break;
            case CloudMessage.KindOneofCase.Transcript:
                context.Transcripts.OnTranscript(message.Transcript);
                break;
            case CloudMessage.KindOneofCase.Slow:
                context.Queue.SetCredit(Bounded(message.Slow.CreditBytes));
                LogSlow(message.Slow.CreditBytes, message.Slow.Reason);
                break;
            case CloudMessage.KindOneofCase.Drain:
                OnDrain(message.Drain);
                break;
            case CloudMessage.KindOneofCase.HeartbeatAck:
                context.Install.OnServerTime(DateTimeOffset.FromUnixTimeMilliseconds(message.HeartbeatAck.ServerTimeUnixMs));
                break;
            default:
                // Settings and requests are for agents that announce them in Hello; what is newer than this agent is ignored.
                LogIgnored(message.KindCase);
                break;
        }
    }

    private void OnWelcome(Welcome welcome)
    {
        var serverTime = DateTimeOffset.FromUnixTimeMilliseconds(welcome.ServerTimeUnixMs);
        var moved = serverTime - context.Install.Clock.LastServerTime;
        context.Install.OnServerTime(serverTime);
        if (moved > _serverTimeStep)
        {
            KeepServerTime();
        }

        var longest = (long)(context.Options.MaxUtterance.TotalSeconds * 32_000);
        if (welcome.MaxUtteranceBytes > 0 && longest > Bounded(welcome.MaxUtteranceBytes))
        {
            LogUtterancesTooLong(welcome.MaxUtteranceBytes / 32_000);
        }

        context.Queue.OnSessionOpened(Bounded(welcome.CreditBytes));
        LogWelcome(welcome.Silo, context.Time.GetElapsedTime(context.OfflineSince).TotalSeconds, welcome.SessionEpoch, welcome.CreditBytes, context.Spool.Count);
    }

    private void KeepServerTime()
    {
        try
        {
            context.Install.Save();
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // A full disk is emptied by sending what is on it: no reason to end the session.
            LogServerTimeNotKept(ex.Message);
        }
    }

    private void OnStored(UtteranceStored stored)
    {
        if (context.Queue.OnAnswered(stored.UtteranceId) is { } entry)
        {
            context.Transcripts.OnStored();
            context.Spool.Delete(entry);
            LogStored(stored.UtteranceId, stored.Duplicate);
        }
    }

    private void OnRejected(UtteranceRejected rejected)
    {
        if (rejected.Retryable)
        {
            if (context.Queue.OnRetry(rejected.UtteranceId) is { } wait)
            {
                LogRetry(rejected.UtteranceId, rejected.Code, rejected.Message, wait.TotalSeconds);
            }

            return;
        }

        if (context.Queue.OnAnswered(rejected.UtteranceId) is { } entry)
        {
            context.Transcripts.OnGone(rejected.UtteranceId);
            context.Spool.Quarantine(entry, $"the cloud rejected it for good: {rejected.Code}, {rejected.Message}");
        }
    }

    private void OnDrain(Drain drain)
    {
        _drain = drain;
        context.Queue.Drain();
        _drainTime.Token.UnsafeRegister(_ => context.Wake.Set(), null);
        _drainTime.CancelAfter(TimeSpan.FromMilliseconds(drain.WithinMs));
        LogDrain(drain.WithinMs);
    }

    private static long Bounded(ulong bytes) => (long)Math.Min(bytes, long.MaxValue);
}
