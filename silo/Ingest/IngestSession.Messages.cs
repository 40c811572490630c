using Fleet.Contracts.Actors;
using Fleet.V1;
using Grpc.Core;

namespace Fleet.Silo.Ingest;

/// <summary>What the device sends. Touched by the reader only, which handles one message at a time.</summary>
internal sealed partial class IngestSession
{
    private readonly MessageBudget _budget;

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
        }

        if (!_budget.TryTake())
        {
            return new Status(
                StatusCode.ResourceExhausted,
                $"More than {_services.Options.ControlMessagesPerMinute} messages without audio came in a minute; "
                + $"send a Heartbeat every {_services.Options.HeartbeatIntervalMs} ms, then connect again.");
        }

        switch (message.KindCase)
        {
            case DeviceMessage.KindOneofCase.Heartbeat:
                return await HandleAsync(message.Heartbeat);
            case DeviceMessage.KindOneofCase.SettingsApplied:
                return await HandleAsync(message.SettingsApplied);
            case DeviceMessage.KindOneofCase.LogLines:
                return Handle(message.LogLines);
            case DeviceMessage.KindOneofCase.UtteranceLost:
                return await HandleAsync(message.UtteranceLost);
            case DeviceMessage.KindOneofCase.ResumeQuery:
                return Handle(message.ResumeQuery);
            case DeviceMessage.KindOneofCase.Hello:
                return Invalid("hello was sent twice; send it once, as the first message.");
            default:
                // A kind that a newer device knows.
                return null;
        }
    }

    private async ValueTask<Status?> HandleAsync(Heartbeat heartbeat)
    {
        if (MessageRules.Check(heartbeat) is { } fault)
        {
            return Invalid(fault);
        }

        var standing = await _device.ReportAsync(
            Epoch,
            new DeviceReport(
                heartbeat.SpoolUtterances, heartbeat.SpoolBytes, [.. heartbeat.Health], heartbeat.NextSequenceNumber, heartbeat.SettledBelow));
        if (standing == SessionStanding.Superseded)
        {
            // The actor that opened the newer one may not have known where this stream ends.
            return new Status(StatusCode.Aborted, "A newer session of this install has taken over.");
        }

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

    private static Status Invalid(string fault) => new(StatusCode.InvalidArgument, fault);
}
