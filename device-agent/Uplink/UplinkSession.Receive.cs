using Fleet.DeviceAgent.Spool;
using Fleet.V1;

namespace Fleet.DeviceAgent.Uplink;

// What the cloud says.
internal sealed partial class UplinkSession
{
    // The last millisecond that DateTimeOffset can say.
    private const long LastUnixMs = 253_402_300_799_999;

    // Names of what the cloud can do, in Welcome.
    private const string CanTakeLosses = "lost";
    private const string CanResume = "resume";

    // A Welcome that took longer tells the time too roughly: it is asked again at once.
    private static readonly TimeSpan _slowWelcome = TimeSpan.FromMilliseconds(500);

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
                _welcomeAt = context.Time.GetTimestamp();
                _welcome.TrySetResult(message.Welcome);
                break;
            case CloudMessage.KindOneofCase.ResumePoints:
                OnResumePoints(message.ResumePoints);
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
                OnHeartbeatAck(message.HeartbeatAck);
                break;
            default:
                // Settings and requests are for agents that announce them in Hello; what is newer than this agent is ignored.
                LogIgnored(message.KindCase);
                break;
        }
    }

    private void OnWelcome(Welcome welcome)
    {
        OnServerTime(welcome.ServerTimeUnixMs, _helloAt, _welcomeAt);
        _heartbeatIsDue = context.Time.GetElapsedTime(_helloAt, _welcomeAt) > _slowWelcome;
        var longest = (long)(context.Options.MaxUtterance.TotalSeconds * 32_000);
        if (welcome.MaxUtteranceBytes > 0 && longest > Bounded(welcome.MaxUtteranceBytes))
        {
            LogUtterancesTooLong(welcome.MaxUtteranceBytes / 32_000);
        }

        var canResume = welcome.Capabilities.Contains(CanResume);
        context.Queue.OnSessionOpened(Bounded(welcome.CreditBytes), canResume);
        context.Queue.FindCorrections();
        context.Losses.OnSessionOpened(welcome.Capabilities.Contains(CanTakeLosses));
        _resume = new ResumeDialogue(context, welcome, canResume);
        LogWelcome(welcome.Silo, context.Time.GetElapsedTime(context.OfflineSince).TotalSeconds, welcome.SessionEpoch, welcome.CreditBytes, context.Spool.Count);
    }

    private void OnHeartbeatAck(HeartbeatAck ack)
    {
        if (!_heartbeats.TryGet(ack.Nonce, out var sentAt))
        {
            return;
        }

        OnServerTime(ack.ServerTimeUnixMs, sentAt, context.Time.GetTimestamp());
        if (context.Install.Clock.IsSettled)
        {
            _isClockAsked = false;
        }

        if (context.Correction.HasUnsettled)
        {
            context.Queue.FindCorrections();
        }
    }

    private void OnServerTime(long unixMs, long askedAt, long answeredAt)
    {
        if (unixMs is <= 0 or > LastUnixMs)
        {
            return;
        }

        context.Install.Clock.OnServerTime(DateTimeOffset.FromUnixTimeMilliseconds(unixMs), askedAt, answeredAt);
        if (!context.Install.IsServerTimeDue)
        {
            return;
        }

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

    private void KeepGeneration(string generation)
    {
        try
        {
            context.Install.KeepStorageGeneration(generation);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // It is asked again after the next start, which does no harm.
            LogGenerationNotKept(ex.Message);
        }
    }

    private void OnResumePoints(ResumePoints points)
    {
        foreach (var point in points.Points)
        {
            if (context.Queue.OnPoint(point.UtteranceId, point.Stored, Bounded(point.ReceivedBytes)) is { } stored)
            {
                OnStored(stored, isDuplicate: true);
            }
        }

        context.Queue.OnQuestionsAnswered();
        foreach (var gone in _resume?.OnPoints(points) ?? [])
        {
            LogRestored(gone.Id);
            gone.Release();
            context.Spool.Restore(gone);
        }

        context.Queue.FindCorrections();
    }

    private void OnStored(UtteranceStored stored)
    {
        if (context.Queue.OnAnswered(stored.UtteranceId) is { } entry)
        {
            OnStored(entry, stored.Duplicate);
        }
        else if (context.Losses.IsInFlight(stored.UtteranceId))
        {
            ForgetLoss(stored.UtteranceId);
        }
    }

    private void OnStored(SpoolEntry entry, bool isDuplicate)
    {
        context.Transcripts.OnStored(entry.Id);
        context.Spool.Delete(entry);
        LogStored(entry.Id, isDuplicate);
    }

    private void OnRejected(UtteranceRejected rejected)
    {
        var id = rejected.UtteranceId;
        if (rejected.Retryable)
        {
            if ((context.Queue.OnRetry(id) ?? context.Losses.OnRetry(id)) is { } wait)
            {
                LogRetry(id, rejected.Code, rejected.Message, wait.TotalSeconds);
            }

            return;
        }

        if (context.Queue.OnAnswered(id) is { } entry)
        {
            context.Transcripts.OnGone(id);
            context.Spool.Reject(entry, $"{rejected.Code}, {rejected.Message}");
        }
        else if (context.Losses.IsInFlight(id))
        {
            // Reported again it would be refused again.
            LogLossRefused(id, rejected.Code, rejected.Message);
            ForgetLoss(id);
        }
    }

    private void ForgetLoss(string utteranceId)
    {
        context.Spool.ForgetLoss(utteranceId);
        context.Losses.OnAnswered(utteranceId);
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
