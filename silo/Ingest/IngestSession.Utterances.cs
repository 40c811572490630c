using Fleet.Contracts.Actors;
using Fleet.Silo.Testing;
using Fleet.Storage;
using Fleet.V1;
using Grpc.Core;
using Code = Fleet.V1.UtteranceRejected.Types.Code;

namespace Fleet.Silo.Ingest;

/// <summary>Utterances on their way: touched by the reader only.</summary>
internal sealed partial class IngestSession
{
    // Utterances that were rejected while the device was still sending them: what is on its way is let pass until their end.
    private const int MaxIgnored = 64;

    private readonly Dictionary<Guid, UtteranceAssembly> _open = [];
    private readonly List<Guid> _ignored = [];

    private async ValueTask<Status?> HandleAsync(UtteranceStart start)
    {
        if (MessageRules.Check(start) is { } fault)
        {
            return Invalid(fault);
        }

        var id = Guid.ParseExact(start.UtteranceId, "D");
        if (_open.ContainsKey(id))
        {
            return Invalid($"utterance_start: {id} is open already; send utterance_end before it is started again.");
        }

        _ignored.Remove(id);
        if (MessageRules.CheckFormat(start.Format) is { } badFormat)
        {
            RejectWhileSending(id, Code.Format, retryable: false, badFormat);
            return null;
        }

        if (MessageRules.CheckId(id, _services.Time.GetUtcNow()) is { } badId)
        {
            RejectWhileSending(id, Code.BadId, retryable: false, badId);
            return null;
        }

        // What waits of it in the parking place is used now, or not any more.
        var resumed = _services.Parking.Take(new UtteranceKey(DeviceId, id), InstallId, start.ResumeFromBytes);
        if (resumed is null && start.ResumeFromBytes > 0)
        {
            RejectWhileSending(
                id, Code.Damaged, retryable: true, $"The silo does not have {start.ResumeFromBytes} bytes of it (any more); send it again from its start.");
            return null;
        }

        if (resumed is null && _services.Memory.IsFull)
        {
            RejectWhileSending(id, Code.Unavailable, retryable: true, "The silo holds as much audio as it may; send it again later.");
            return null;
        }

        var admission = await _device.AdmitAsync(Epoch, id);
        if (admission == Admission.Unavailable)
        {
            resumed?.Dispose();
            RejectWhileSending(id, Code.Unavailable, retryable: true, "The cluster could not be asked whether it may be sent now; send it again later.");
            return null;
        }

        var refusal = admission switch
        {
            Admission.StaleSession or Admission.UnknownSession => new Status(StatusCode.Aborted, "A newer session of this install has taken over."),
            Admission.TooManyOpen => Invalid($"utterance_start: {_open.Count} utterances are open; end one before the next is started."),
            Admission.AlreadyInFlight => Invalid($"utterance_start: {id} was sent on this session and is not answered yet; wait for its answer."),
            // The device counts what it does not send again as sent.
            _ when resumed is not null && !_credit.TryTake(resumed.Length) => BeyondCredit("utterance_start.resume_from_bytes"),
            _ => default(Status?),
        };
        if (refusal is not null)
        {
            resumed?.Dispose();
            return refusal;
        }

        _open.Add(id, new UtteranceAssembly(id, start, resumed ?? new PooledAudio(_services.Memory)));
        lock (_lock)
        {
            _unansweredIds.TryAdd(id, null);
        }

        return null;
    }

    private ValueTask<Status?> HandleAsync(AudioChunk chunk)
    {
        if (MessageRules.Check(chunk) is { } fault)
        {
            return new(Invalid(fault));
        }

        var id = Guid.ParseExact(chunk.UtteranceId, "D");
        if (!_open.TryGetValue(id, out var assembly))
        {
            return new(_ignored.Contains(id) ? null : NotStarted("audio_chunk", id));
        }

        if (assembly.Audio.Length + chunk.Pcm.Length > _services.Options.MaxUtteranceBytes)
        {
            return RefuseWhileSendingAsync(
                assembly, Code.TooLong, retryable: false, $"The utterance is longer than {_services.Options.MaxUtteranceBytes} bytes.");
        }

        if (_services.Memory.IsBeyond)
        {
            return RefuseWhileSendingAsync(assembly, Code.Unavailable, retryable: true, "The silo holds as much audio as it may; send it again later.");
        }

        if (!_credit.TryTake(chunk.Pcm.Length))
        {
            return new(BeyondCredit("audio_chunk"));
        }

        _services.Instruments.OnAudioReceived(chunk.Pcm.Length);
        return new(assembly.TryAppend(chunk.OffsetBytes, chunk.Pcm.Span)
            ? null
            : Invalid($"audio_chunk.offset_bytes of {id} is {chunk.OffsetBytes}; the next byte is {assembly.Audio.Length}. Send chunks in order, each once."));
    }

    private async ValueTask<Status?> HandleAsync(UtteranceEnd end)
    {
        if (MessageRules.Check(end) is { } fault)
        {
            return Invalid(fault);
        }

        var id = Guid.ParseExact(end.UtteranceId, "D");
        if (!_open.Remove(id, out var assembly))
        {
            return _ignored.Remove(id) ? null : NotStarted("utterance_end", id);
        }

        await _device.UtteranceReceivedAsync(Epoch, id);
        if (assembly.Verify(end) is { } damage)
        {
            Refuse(assembly, Code.Damaged, damage + "; send it again from its start.");
            return null;
        }

        Interlocked.Increment(ref _unanswered);
        if (!_services.Writer.TryEnqueue(new PendingUtterance(ToRow(assembly, end), assembly.Audio, this, _services.Time.GetTimestamp())))
        {
            Interlocked.Decrement(ref _unanswered);
            Refuse(assembly, Code.Unavailable, "Too many utterances wait for the database; send it again later.");
        }

        return null;
    }

    private NewUtterance ToRow(UtteranceAssembly assembly, UtteranceEnd end)
    {
        var start = assembly.Start;
        var isKeyword = start.Keyword.Length > 0;
        return new NewUtterance(
            DeviceId,
            assembly.UtteranceId,
            Epoch,
            (long)start.SequenceNumber,
            DateTimeOffset.FromUnixTimeMilliseconds(start.StartedAtUnixMs),
            TimeSpan.FromTicks(assembly.Audio.Length * TimeSpan.TicksPerSecond / MessageRules.BytesPerSecond),
            Enum.IsDefined(start.Trigger) ? start.Trigger : Trigger.Unspecified,
            isKeyword ? start.Keyword : null,
            isKeyword ? start.KeywordScore : null,
            start.KeywordModelId.Length > 0 ? start.KeywordModelId : null,
            start.Source.Length > 0 ? start.Source : null,
            Enum.IsDefined(end.Reason) ? end.Reason : UtteranceEnd.Types.Reason.Unspecified,
            assembly.Audio.Pcm)
        {
            Clock = Enum.IsDefined(start.Clock) ? start.Clock : Clock.Unspecified,
            TranscribeFrom = TimeSpan.FromMilliseconds(start.TranscribeFromMs),
        };
    }

    private void Refuse(UtteranceAssembly assembly, Code code, string message)
    {
        _credit.Release(assembly.Audio.Length);
        assembly.Audio.Dispose();
        LogRejected(DeviceId, assembly.UtteranceId, code, message);
        Reject(assembly.UtteranceId, code, retryable: true, message);
    }

    private async ValueTask<Status?> RefuseWhileSendingAsync(UtteranceAssembly assembly, Code code, bool retryable, string message)
    {
        await LetGoAsync(assembly);
        RejectWhileSending(assembly.UtteranceId, code, retryable, message);
        return null;
    }

    private async ValueTask LetGoAsync(UtteranceAssembly assembly)
    {
        _open.Remove(assembly.UtteranceId);
        _credit.Release(assembly.Audio.Length);
        assembly.Audio.Dispose();
        await _device.UtteranceReceivedAsync(Epoch, assembly.UtteranceId);
    }

    private Status BeyondCredit(string field) => new(
        StatusCode.ResourceExhausted,
        $"{field} is beyond the credit: {_credit.OutstandingBytes} bytes were sent and not answered, {_services.Options.CreditBytes} are allowed.");

    private void RejectWhileSending(Guid utteranceId, Code code, bool retryable, string message)
    {
        Ignore(utteranceId);
        LogRejected(DeviceId, utteranceId, code, message);
        Reject(utteranceId, code, retryable, message);
    }

    private void Ignore(Guid utteranceId)
    {
        if (_ignored.Count == MaxIgnored)
        {
            _ignored.RemoveAt(0);
        }

        _ignored.Add(utteranceId);
    }

    private void RejectOpen(string message)
    {
        foreach (var assembly in _open.Values)
        {
            Refuse(assembly, Code.Damaged, message);
        }

        _open.Clear();
    }

    private void ParkOpen()
    {
        // Who broke a rule is not to be believed about what came before it.
        if (EndStatus.StatusCode is StatusCode.InvalidArgument or StatusCode.ResourceExhausted)
        {
            foreach (var assembly in _open.Values)
            {
                assembly.Audio.Dispose();
            }

            _open.Clear();
            return;
        }

        foreach (var assembly in _open.Values)
        {
            _services.Parking.Park(new UtteranceKey(DeviceId, assembly.UtteranceId), InstallId, assembly.Audio);
            FaultPoint.Pass(FaultPoint.AfterPark);
        }

        _open.Clear();
    }

    private static Status NotStarted(string message, Guid utteranceId) =>
        Invalid($"{message} is for {utteranceId}, which is not open on this session; send utterance_start first.");
}
