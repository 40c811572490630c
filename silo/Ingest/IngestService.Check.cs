using Fleet.Silo.Devices;
using Fleet.Storage;
using Fleet.V1;
using Grpc.Core;

namespace Fleet.Silo.Ingest;

// What `device-agent --check` asks: it may be asked while the agent itself is connected, so it opens no session and takes none over.
internal sealed partial class IngestService
{
    public override async Task<CheckResponse> Check(CheckRequest request, ServerCallContext context)
    {
        if (request.ProtocolVersion != MessageRules.ProtocolVersion)
        {
            throw new RpcException(OtherVersion("check_request", request.ProtocolVersion));
        }

        if (MessageRules.CheckDeviceId(request.DeviceId) is { } fault)
        {
            throw new RpcException(Invalid("check_request." + fault));
        }

        var response = new CheckResponse { MaxUtteranceBytes = (ulong)_options.MaxUtteranceBytes, Silo = status.Name };
        try
        {
            response.Identity = await devices.GetAsync(request.DeviceId, context.CancellationToken) switch
            {
                null => CheckResponse.Types.Identity.Free,
                { } known when Guid.TryParseExact(request.InstallId, "D", out var install) && install == known.InstallId => CheckResponse.Types.Identity.Own,
                _ => CheckResponse.Types.Identity.HeldByOtherInstall,
            };
        }
        catch (StorageUnavailableException exception)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, exception.Message));
        }

        try
        {
            // An actor is woken for ids that exist only: nobody fills the memory with made-up ones.
            response.Online = response.Identity != CheckResponse.Types.Identity.Free && (await fleet.GetDevice(request.DeviceId).GetPresenceAsync()).Online;
        }
        catch (ActorUnavailableException exception)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, exception.Message));
        }

        // Last, so that the time that the database took does not count as a wrong clock.
        response.ServerTimeUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        return response;
    }
}
