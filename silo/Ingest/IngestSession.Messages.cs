using Fleet.Contracts.Actors;
using Fleet.Storage;
using Fleet.V1;
using Grpc.Core;
using Code = Fleet.V1.UtteranceRejected.Types.Code;

namespace Fleet.Silo.Ingest;

/// <summary>What the device sends. Touched by the reader only, which handles one message at a time.</summary>
internal sealed partial class IngestSession
{
    // Utterances that were rejected while the device was still sending them: what is on its way is let pass until their end.
    private const int MaxIgnored = 64;

    private readonly Dictionary<Guid, UtteranceAssembly> _open = [];
    private readonly List<Guid> _ignored = [];

    /// <summary>True when the device half-closed; false when the session has ended.</summary>
    private async Task<bool> ReadAsync(IAsyncStreamReader<DeviceMessage> requests, CancellationToken callCancelled)
    {
        var idleTimeout = _services.Options.IdleTimeout;
        using var idle = new CancellationTokenSource(idleTimeout, _services.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(callCancelled, _ending.Token, idle.Token);
        try
        {
            while (await requests.MoveNext(stop.Token))
            {
                if (await HandleAsync(requests.Current) is { } fault)
                {
                    End(fault);
                    return false;
                }

                if (_ending.IsCancellationRequested)
                {
                    return false;
                }

                idle.CancelAfter(idleTimeout);
            }

            RejectOpen("The stream ended before utterance_end.");
            return true;
        }
        catch (Exception exception) when (stop.IsCancellationRequested && exception is OperationCanceledException or RpcException or IOException)
        {
            End(idle.IsCancellationRequested && !callCancelled.IsCancellationRequested
                ? new Status(StatusCode.Unavailable, $"No message for {idleTimeout.TotalSeconds:0.#} s; send a Heartbeat every {_services.Options.HeartbeatIntervalMs} ms.")
                : Status.DefaultCancelled);
        }
        catch (Exception exception) when (StreamFaults.IsNotProtobuf(exception))
        {
            End(StreamFaults.NotProtobuf);
        }
        catch (RpcException exception)
        {
            // A message above the size limit, for example: the status says it.
            End(exception.Status);
        }
        catch (IOException)
        {
            End(Status.DefaultCancelled);
        }

        return false;
    }

    private async ValueTask<Status?> HandleAsync(DeviceMessage message)
    {
        switch (message.KindCase)
        {
            case DeviceMessage.KindOneofCase.AudioChunk:
                return await HandleAsync(message.AudioChunk);
            case DeviceMessage.KindOneofCase.UtteranceStart:
                return await HandleAsync(message.UtteranceStart);
            case DeviceMessage.KindOneofCase.UtteranceEnd:
                return await HandleAsync(message.UtteranceEnd);
            case DeviceMessage.KindOneofCase.Heartbeat:
                return await HandleAsync(message.Heartbeat);
            case DeviceMessage.KindOneofCase.SettingsApplied:
                return await HandleAsync(message.SettingsApplied);
            case DeviceMessage.KindOneofCase.LogLines:
                return Handle(message.LogLines);
            case DeviceMessage.KindOneofCase.Hello:
                return Invalid("hello was sent twice; send it once, as the first message.");
            default:
                // A kind that a newer device knows.
                return null;
        }
    }

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

        if (_services.Memory.IsFull)
        {
            RejectWhileSending(id, Code.Unavailable, retryable: true, "The silo holds as much audio as it may; send it again later.");
            return null;
        }

        switch (await _device.AdmitAsync(Epoch, id))
        {
            case Admission.StaleSession:
                return new Status(StatusCode.Aborted, "A newer session of this install has taken over.");
            case Admission.TooManyOpen:
                return Invalid($"utterance_start: {_open.Count} utterances are open; end one before the next is started.");
            case Admission.AlreadyInFlight:
                return Invalid($"utterance_start: {id} was sent on this session and is not answered yet; wait for its answer.");
            default:
                _open.Add(id, new UtteranceAssembly(id, start, new PooledAudio(_services.Memory)));
                return null;
        }
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
            return RefuseTooLongAsync(assembly);
        }

        if (!_credit.TryTake(chunk.Pcm.Length))
        {
            return new(new Status(
                StatusCode.ResourceExhausted,
                $"audio_chunk is beyond the credit: {_credit.OutstandingBytes} bytes were sent and not answered, {_services.Options.CreditBytes} are allowed."));
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

    private async ValueTask<Status?> HandleAsync(Heartbeat heartbeat)
    {
        if (MessageRules.Check(heartbeat) is { } fault)
        {
            return Invalid(fault);
        }

        await _device.ReportAsync(
            Epoch, new DeviceReport(heartbeat.SpoolUtterances, heartbeat.SpoolBytes, [.. heartbeat.Health], heartbeat.NextSequenceNumber));
        TrySend(CloudMessages.HeartbeatAck(heartbeat.Nonce, _services.Time.GetUtcNow()));
        return null;
    }

    private async ValueTask<Status?> HandleAsync(SettingsApplied applied)
    {
        if (MessageRules.Check(applied) is { } fault)
        {
            return Invalid(fault);
        }

        await _device.SettingsAppliedAsync(Epoch, applied.Version, applied.Error);
        return null;
    }

    private Status? Handle(LogLines logLines)
    {
        if (MessageRules.Check(logLines) is { } fault)
        {
            return Invalid(fault);
        }

        foreach (var line in logLines.Lines)
        {
            LogAgentLine(DeviceId, line);
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
            assembly.Audio.Pcm);
    }

    private void Refuse(UtteranceAssembly assembly, Code code, string message)
    {
        _credit.Release(assembly.Audio.Length);
        assembly.Audio.Dispose();
        LogRejected(DeviceId, assembly.UtteranceId, code, message);
        Reject(assembly.UtteranceId, code, retryable: true, message);
    }

    private async ValueTask<Status?> RefuseTooLongAsync(UtteranceAssembly assembly)
    {
        _open.Remove(assembly.UtteranceId);
        _credit.Release(assembly.Audio.Length);
        assembly.Audio.Dispose();
        await _device.UtteranceReceivedAsync(Epoch, assembly.UtteranceId);
        RejectWhileSending(
            assembly.UtteranceId, Code.TooLong, retryable: false, $"The utterance is longer than {_services.Options.MaxUtteranceBytes} bytes.");
        return null;
    }

    private void RejectWhileSending(Guid utteranceId, Code code, bool retryable, string message)
    {
        if (_ignored.Count == MaxIgnored)
        {
            _ignored.RemoveAt(0);
        }

        _ignored.Add(utteranceId);
        LogRejected(DeviceId, utteranceId, code, message);
        Reject(utteranceId, code, retryable, message);
    }

    private void RejectOpen(string message)
    {
        foreach (var assembly in _open.Values)
        {
            Refuse(assembly, Code.Damaged, message);
        }

        _open.Clear();
    }

    private void DisposeOpen()
    {
        foreach (var assembly in _open.Values)
        {
            assembly.Audio.Dispose();
        }

        _open.Clear();
    }

    private static Status NotStarted(string message, Guid utteranceId) =>
        Invalid($"{message} is for {utteranceId}, which is not open on this session; send utterance_start first.");

    private static Status Invalid(string fault) => new(StatusCode.InvalidArgument, fault);
}
