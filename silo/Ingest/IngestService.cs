using Fleet.Contracts.Actors;
using Fleet.Silo.Access;
using Fleet.Silo.Membership;
using Fleet.Storage;
using Fleet.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Ingest;

/// <summary>The door for devices: who is it, may it have a session, and then the session.</summary>
internal sealed partial class IngestService(
    IFleet fleet, SessionRegistry registry, SessionServices services, DeviceStore devices, SiloStatus status, RefusalLogBudget refusals,
    IOptions<IngestOptions> options, TimeProvider time, ILogger<IngestService> logger) : DeviceIngest.DeviceIngestBase
{
    private readonly IngestOptions _options = options.Value;

    public override async Task Connect(
        IAsyncStreamReader<DeviceMessage> requestStream, IServerStreamWriter<CloudMessage> responseStream, ServerCallContext context)
    {
        var (hello, fault) = await ReadHelloAsync(requestStream, context.CancellationToken);
        if (hello is null)
        {
            if (refusals.TryTake(out var unlogged))
            {
                LogRefused(context.Peer, fault.StatusCode, fault.Detail, unlogged);
            }

            context.Status = fault;
            return;
        }

        var device = fleet.GetDevice(hello.DeviceId);
        using var session = new IngestSession(hello.DeviceId, Guid.ParseExact(hello.InstallId, "D"), device, services);
        // Known before it is open: a newer session may take it over at once.
        registry.Add(session);
        try
        {
            context.Status = await OpenAndRunAsync(session, device, hello, requestStream, responseStream, context);
        }
        finally
        {
            registry.Remove(session);
        }
    }

    private async Task<Status> OpenAndRunAsync(
        IngestSession session, IDevice device, Hello hello, IAsyncStreamReader<DeviceMessage> requests, IServerStreamWriter<CloudMessage> responses,
        ServerCallContext context)
    {
        var opening = await device.OpenSessionAsync(new SessionRequest(
            new SessionAddress(status.Name, session.SessionId),
            session.InstallId,
            Guid.ParseExact(hello.BootId, "D"),
            hello.AgentVersion,
            [.. hello.Capabilities],
            hello.NextSequenceNumber,
            hello.SettledBelow,
            context.Peer));
        if (opening.Status != SessionOpeningStatus.Opened)
        {
            LogDeviceRefused(hello.DeviceId, context.Peer, opening.Reason);
            return new Status(
                opening.Status is SessionOpeningStatus.HeldByOtherInstall or SessionOpeningStatus.CopiedInstall
                    ? StatusCode.AlreadyExists : StatusCode.Unavailable, opening.Reason);
        }

        services.Instruments.OnSessionOpened();
        var openedAt = time.GetTimestamp();
        LogOpened(hello.DeviceId, opening.SessionEpoch, hello.AgentVersion, context.Peer);
        var ended = new Status(StatusCode.Internal, "");
        try
        {
            var welcome = Welcome(opening, await services.Generation.GetAsync(context.CancellationToken));
            ended = await session.RunAsync(welcome, requests, responses, context.CancellationToken);
        }
        finally
        {
            services.Instruments.OnSessionEnded(ended.StatusCode.ToString());
            LogClosed(hello.DeviceId, opening.SessionEpoch, time.GetElapsedTime(openedAt), ended.StatusCode, ended.Detail);
        }

        return ended;
    }

    private async Task<(Hello? Hello, Status Fault)> ReadHelloAsync(IAsyncStreamReader<DeviceMessage> requests, CancellationToken callCancelled)
    {
        using var late = new CancellationTokenSource(_options.HelloTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(callCancelled, late.Token, status.Stopping);
        try
        {
            if (!await requests.MoveNext(stop.Token))
            {
                return (null, Invalid("The stream ended without a message; the first message must be a hello."));
            }
        }
        catch (Exception exception) when (stop.IsCancellationRequested && exception is OperationCanceledException or RpcException or IOException)
        {
            return (null, late.IsCancellationRequested
                ? Invalid($"No hello within {_options.HelloTimeout.TotalSeconds:0.#} s; it must be the first message, sent at once.")
                : status.Stopping.IsCancellationRequested ? new Status(StatusCode.Unavailable, "The silo is stopping; connect again.") : Status.DefaultCancelled);
        }
        catch (Exception exception) when (StreamFaults.IsNotProtobuf(exception))
        {
            return (null, StreamFaults.NotProtobuf);
        }
        catch (RpcException exception)
        {
            return (null, exception.Status);
        }
        catch (IOException)
        {
            // The connection broke a moment before the call's token says so.
            return (null, Status.DefaultCancelled);
        }

        var message = requests.Current;
        if (message.KindCase != DeviceMessage.KindOneofCase.Hello)
        {
            return (null, Invalid($"The first message must be a hello; this one is {message.KindCase}."));
        }

        if (message.Hello.ProtocolVersion != MessageRules.ProtocolVersion)
        {
            return (null, OtherVersion("hello", message.Hello.ProtocolVersion));
        }

        return MessageRules.Check(message.Hello) is { } fault ? (null, Invalid(fault)) : (message.Hello, Status.DefaultSuccess);
    }

    private Welcome Welcome(SessionOpening opening, string storageGeneration) => new()
    {
        SessionEpoch = opening.SessionEpoch,
        CreditBytes = (ulong)_options.CreditBytes,
        ServerTimeUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
        HeartbeatIntervalMs = (uint)_options.HeartbeatIntervalMs,
        MaxUtteranceBytes = (ulong)_options.MaxUtteranceBytes,
        SettingsVersion = opening.SettingsVersion,
        Silo = status.Name,
        Capabilities = { "lost", "resume", "transcribe-from" },
        StorageGeneration = storageGeneration,
    };

    private static Status OtherVersion(string message, uint version) => new(
        StatusCode.FailedPrecondition,
        $"{message}.protocol_version is {version}; this silo speaks version {MessageRules.ProtocolVersion}: "
        + (version < MessageRules.ProtocolVersion ? "update the agent." : "update the silo, or use an agent of its version."));

    private static Status Invalid(string fault) => new(StatusCode.InvalidArgument, fault);
}
