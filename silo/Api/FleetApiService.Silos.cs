using Fleet.Silo.Membership;
using Fleet.Storage;
using Fleet.V1;
using Grpc.Core;

namespace Fleet.Silo.Api;

// What people and programs ask about the silos.
internal sealed partial class FleetApiService
{
    public override Task<ListSilosResponse> ListSilos(ListSilosRequest request, ServerCallContext context) => MapFaultsAsync(async () =>
    {
        var known = await leases.ListAsync(context.CancellationToken);
        var reports = (await cluster.ListAsync()).ToLookup(report => report.Name, StringComparer.Ordinal);
        return new ListSilosResponse { Silos = { known.Select(lease => Describe(lease, reports[lease.Name].FirstOrDefault())) } };
    });

    public override Task<DrainSiloResponse> DrainSilo(DrainSiloRequest request, ServerCallContext context) => MapFaultsAsync(async () =>
    {
        if (!await cluster.DrainAsync(request.Name, !request.Undo))
        {
            throw new RpcException(new Status(StatusCode.NotFound, $"No silo with the name '{request.Name}' answers."));
        }

        return new DrainSiloResponse();
    });

    private static SiloInfo Describe(RegisteredSilo lease, SiloReport? report)
    {
        var info = new SiloInfo
        {
            Name = lease.Name,
            State = lease switch
            {
                { LeaseUntil: null } => SiloInfo.Types.State.Stopped,
                { IsValid: false } => SiloInfo.Types.State.Lost,
                _ when report is null => SiloInfo.Types.State.Silent,
                _ => report.IsDrained ? SiloInfo.Types.State.Drained : SiloInfo.Types.State.Running,
            },
            OwnerEpoch = lease.Epoch,
            StartedAtUnixMs = lease.StartedAt.ToUnixTimeMilliseconds(),
            LeaseUntilUnixMs = lease.LeaseUntil?.ToUnixTimeMilliseconds() ?? 0,
            Address = report?.Address ?? "",
            Version = report?.Version ?? "",
            Sessions = (uint)(report?.Sessions ?? 0),
            Actors = (uint)(report?.Actors ?? 0),
        };
        if (report?.Load is { } load)
        {
            info.CpuPercent = load.CpuPercent;
            info.MemoryBytes = (ulong)load.MemoryBytes;
            info.AudioBytes = (ulong)load.AudioBytes;
            info.Transcriber = load.Transcriber is { } transcriber ? Describe(transcriber) : null;
        }

        return info;
    }

    private static TranscriberInfo Describe(TranscriberLoad load) => new()
    {
        Waiting = (uint)load.Waiting,
        Deployments =
        {
            load.Deployments.Select(static one => new DeploymentInfo
            {
                Name = one.Name,
                Weight = (uint)one.Weight,
                InFlight = (uint)one.InFlight,
                Limit = (uint)one.Limit,
                AwayBecause = one.AwayBecause ?? "",
            }),
        },
    };
}
