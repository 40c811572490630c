using Fleet.Silo.Ingest;
using Fleet.Silo.Telemetry;
using Fleet.Storage;
using Fleet.V1;
using Google.Protobuf.Collections;
using Grpc.Core;

namespace Fleet.Silo.Api;

// What people decide: transcribe once more, erase, and which machine a device is.
internal sealed partial class FleetApiService
{
    private const int MaxNames = 500;

    public override Task<RetryTranscriptsResponse> RetryTranscripts(RetryTranscriptsRequest request, ServerCallContext context) => MapFaultsAsync(async () =>
    {
        if (request.Utterances.Count == 0)
        {
            var (from, to) = TimeRange(request.FromUnixMs, request.ToUnixMs);
            return new RetryTranscriptsResponse { Retried = (ulong)await utterances.RetryAsync(from, to, context.CancellationToken) };
        }

        if (request.FromUnixMs != 0 || request.ToUnixMs != 0)
        {
            throw Invalid("utterances and a time range exclude each other: send from_unix_ms and to_unix_ms without utterances.");
        }

        return new RetryTranscriptsResponse { Retried = (ulong)await utterances.RetryAsync(Keys(request.Utterances), context.CancellationToken) };
    });

    public override Task<EraseUtterancesResponse> EraseUtterances(EraseUtterancesRequest request, ServerCallContext context) => MapFaultsAsync(async () =>
    {
        if (request.Utterances.Count == 0)
        {
            throw Invalid($"utterances is empty: name 1 to {MaxNames} to erase.");
        }

        var keys = Keys(request.Utterances);
        var erased = await utterances.EraseAsync(keys, context.CancellationToken);
        LogErased(erased, keys.Count);
        return new EraseUtterancesResponse { Erased = (ulong)erased };
    });

    public override Task<ListIdentityConflictsResponse> ListIdentityConflicts(ListIdentityConflictsRequest request, ServerCallContext context) => MapFaultsAsync(async () =>
    {
        var response = new ListIdentityConflictsResponse();
        response.Conflicts.AddRange((await devices.ListConflictsAsync(context.CancellationToken)).Select(IdentityConflicts.From));
        return response;
    });

    public override Task<ReplaceInstallResponse> ReplaceInstall(ReplaceInstallRequest request, ServerCallContext context) => MapFaultsAsync(async () =>
    {
        if (MessageRules.CheckDeviceId(request.DeviceId) is { } fault)
        {
            throw Invalid(fault);
        }

        var installId = Uuid("install_id", request.InstallId);
        if (!await devices.ReplaceInstallAsync(request.DeviceId, installId, context.CancellationToken))
        {
            throw new RpcException(new Status(StatusCode.NotFound, $"There is no device {request.DeviceId}."));
        }

        await fleet.GetDevice(request.DeviceId).InstallReplacedAsync(installId);
        LogReplaced(request.DeviceId, installId);
        return new ReplaceInstallResponse();
    });

    private static List<UtteranceKey> Keys(RepeatedField<UtteranceName> names) => names.Count > MaxNames
        ? throw Invalid($"utterances has {names.Count} names; send at most {MaxNames} at a time.")
        : [.. names.Select((name, index) => Key($"utterances[{index}].", name.DeviceId, name.UtteranceId))];

    [LoggerMessage(EventIds.UtterancesErased, LogLevel.Information, "{Erased} of {Named} utterances were erased by a call of the fleet API.")]
    private partial void LogErased(int erased, int named);

    [LoggerMessage(EventIds.InstallReplaced, LogLevel.Information, "Device {DeviceId} is install {InstallId} from now on, by a call of the fleet API.")]
    private partial void LogReplaced(string deviceId, Guid installId);
}
