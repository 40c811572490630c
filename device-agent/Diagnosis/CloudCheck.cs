using System.Globalization;
using Fleet.DeviceAgent.Uplink;
using Fleet.DeviceAgent.Uplink.Addresses;
using Fleet.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.DeviceAgent.Diagnosis;

/// <summary>
/// What only the silo can tell: whether it takes the key, whether the device's identity is free, and what time it is. Asked by
/// DeviceIngest.Check, which leaves the session of a running agent alone.
/// </summary>
internal sealed class CloudCheck(ServerAddress server, JoinKey key, string deviceId, Guid? installId, TimeSpan maxUtterance, TimeProvider time)
{
    public const string Key = "key";
    public const string Identity = "identity";
    public const string Clock = "clock";

    // Utterances carry the device's time; a silo refuses what is more than a day ahead.
    private static readonly TimeSpan _refusedAhead = TimeSpan.FromDays(1);
    private static readonly TimeSpan _noticeable = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _callTimeout = TimeSpan.FromSeconds(10);

    public async Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancellationToken)
    {
        string secret;
        try
        {
            secret = await key.ReadAsync(cancellationToken);
        }
        catch (IngestException ex)
        {
            return [CheckResult.No(Key, ex.Message, "put the key that the silo made (its JoinKeyFile) into --key-file or " + JoinKey.EnvironmentVariable)];
        }

        var handler = GrpcIngestConnector.CreateHandler(server);
        // As the agent does: left to itself, the library resolves the name where only a proxy may know it.
        handler.ConnectCallback = async (context, token) => await new SiloDialer(new DnsHostResolver(), time).ConnectAsync(context.DnsEndPoint, turn: 0, token);
        using var channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        var client = new DeviceIngest.DeviceIngestClient(channel);
        var headers = new Metadata { { "authorization", $"Bearer {secret}" } };
        try
        {
            // Twice: the first call pays for connection and certificates, which would look like a wrong clock.
            await AskAsync(client, headers, cancellationToken);
            var (answer, offset, uncertainty) = await AskAsync(client, headers, cancellationToken);
            return [CheckResult.Ok(Key, $"silo '{answer.Silo}' takes it"), JudgeIdentity(answer), JudgeClock(offset, uncertainty), .. JudgeLength(answer)];
        }
        catch (RpcException ex) when (!cancellationToken.IsCancellationRequested)
        {
            return [Judge(ex)];
        }
    }

    private async Task<(CheckResponse Answer, TimeSpan Offset, TimeSpan Uncertainty)> AskAsync(
        DeviceIngest.DeviceIngestClient client, Metadata headers, CancellationToken cancellationToken)
    {
        var request = new CheckRequest
        {
            ProtocolVersion = UplinkContext.ProtocolVersion,
            DeviceId = deviceId,
            InstallId = installId?.ToString("D", CultureInfo.InvariantCulture) ?? "",
        };
        var before = time.GetUtcNow();
        var startedAt = time.GetTimestamp();
        // No deadline of gRPC's, which goes by the very clock that is looked at here.
        using var late = new CancellationTokenSource(_callTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using var call = client.CheckAsync(request, headers, cancellationToken: either.Token);
        var answer = await call.ResponseAsync;
        var roundTrip = time.GetElapsedTime(startedAt);
        return (answer, before + (roundTrip / 2) - DateTimeOffset.FromUnixTimeMilliseconds(answer.ServerTimeUnixMs), roundTrip / 2);
    }

    private CheckResult JudgeIdentity(CheckResponse answer) => answer.Identity switch
    {
        CheckResponse.Types.Identity.HeldByOtherInstall => CheckResult.No(
            Identity, $"device id '{deviceId}' belongs to another install{(answer.Online ? ", which is connected" : "")}",
            "choose another --device-id, or let an operator replace the other install (docs/operations.md)"),
        CheckResponse.Types.Identity.Free => CheckResult.Ok(Identity, $"device id '{deviceId}' is free"),
        _ => CheckResult.Ok(Identity, $"device id '{deviceId}' is this install{(answer.Online ? ", connected now" : ", not connected now")}"),
    };

    private static CheckResult JudgeClock(TimeSpan offset, TimeSpan uncertainty)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Math.Abs(offset.TotalMilliseconds):0} ms {(offset < TimeSpan.Zero ? "behind" : "ahead of")} the silo's (within {uncertainty.TotalMilliseconds:0} ms)");
        const string Mend = "set the clock: timedatectl set-ntp true";
        if (offset > _refusedAhead)
        {
            return CheckResult.No(Clock, text + ", so the silo would refuse every utterance", Mend);
        }

        return offset.Duration() > _noticeable + uncertainty
            ? CheckResult.Warning(Clock, text + ", so history shows wrong times", Mend)
            : CheckResult.Ok(Clock, text);
    }

    private IEnumerable<CheckResult> JudgeLength(CheckResponse answer)
    {
        var seconds = answer.MaxUtteranceBytes / 32_000.0;
        if (answer.MaxUtteranceBytes > 0 && maxUtterance.TotalSeconds > seconds)
        {
            yield return CheckResult.Warning(
                "length", string.Create(CultureInfo.InvariantCulture, $"the silo takes utterances of {seconds:0} s, --max-seconds is {maxUtterance.TotalSeconds:0}"),
                "lower --max-seconds, or longer ones are rejected");
        }
    }

    private CheckResult Judge(RpcException fault) => fault.StatusCode switch
    {
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => CheckResult.No(
            Key, $"the silo refuses it ({fault.Status.Detail.TrimEnd('.')})", "put the key that the silo made (its JoinKeyFile) into --key-file or " + JoinKey.EnvironmentVariable),
        StatusCode.Unimplemented => CheckResult.Warning(
            Key, "this silo is older than the check, so key, identity and clock were not asked", "update the silo, or start the agent and read its log"),
        StatusCode.FailedPrecondition => CheckResult.No(
            Key, $"agent and silo speak different versions ({fault.Status.Detail.TrimEnd('.')})", "update the older of the two"),
        StatusCode.Unavailable when fault.Status.DebugException is null => CheckResult.Warning(
            Key, $"not known yet: the silo cannot work now ({fault.Status.Detail.TrimEnd('.')})", "see to the silo and its database; the agent goes on listening until then"),
        StatusCode.Cancelled => CheckResult.No(
            Key, $"{server.Address.Authority} has not answered within {_callTimeout.TotalSeconds:0} s", "look at the silo's log: it hangs"),
        _ => CheckResult.No(
            Key, $"{server.Address.Authority} does not answer as a silo does ({fault.StatusCode}: {Cause(fault)})", "mend --server, or look at the silo's log"),
    };

    // The innermost error names the cause; the outer ones name layers.
    private static string Cause(RpcException fault)
    {
        Exception? cause = fault.Status.DebugException;
        while (cause?.InnerException is { } inner)
        {
            cause = inner;
        }

        return (cause?.Message ?? fault.Status.Detail).TrimEnd('.');
    }
}
