using System.Net;
using Fleet.Storage;
using Fleet.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.BrowserTests;

/// <summary>The part of a silo's API that pages press buttons for, over the store that a silo uses; it takes no devices and transcribes nothing.</summary>
public sealed class SiloStub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SiloStub(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()); // Kestrel has it.
    }

    public Uri Address { get; }

    /// <summary>What it says of its deployments.</summary>
    public IReadOnlyList<DeploymentInfo> Deployments
    {
        set => _app.Services.GetRequiredService<State>().Deployments = value;
    }

    public static async Task<SiloStub> StartAsync(UtteranceStore utterances, DeviceStore devices, RetranscriptionStore runs)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(utterances);
        builder.Services.AddSingleton(devices);
        builder.Services.AddSingleton(runs);
        builder.Services.AddSingleton<State>();
        var app = builder.Build();
        app.MapGrpcService<Service>();
        await app.StartAsync();
        return new SiloStub(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class State
    {
        private volatile IReadOnlyList<DeploymentInfo> _deployments = [];

        public IReadOnlyList<DeploymentInfo> Deployments
        {
            get => _deployments;
            set => _deployments = value;
        }
    }

    private sealed class Service(UtteranceStore utterances, DeviceStore devices, RetranscriptionStore runs, State state) : FleetApi.FleetApiBase
    {
        public override async Task<ListDevicesResponse> ListDevices(ListDevicesRequest request, ServerCallContext context)
        {
            var known = await devices.ListAsync(context.CancellationToken);
            return new ListDevicesResponse { Devices = { known.Select(device => new DeviceInfo { DeviceId = device.DeviceId, Online = true }) } };
        }

        public override async Task<RetryTranscriptsResponse> RetryTranscripts(RetryTranscriptsRequest request, ServerCallContext context) =>
            new() { Retried = (ulong)await utterances.RetryAsync([.. request.Utterances.Select(Key)], context.CancellationToken) };

        public override async Task<EraseUtterancesResponse> EraseUtterances(EraseUtterancesRequest request, ServerCallContext context) =>
            new() { Erased = (ulong)await utterances.EraseAsync([.. request.Utterances.Select(Key)], context.CancellationToken) };

        public override async Task<ReplaceInstallResponse> ReplaceInstall(ReplaceInstallRequest request, ServerCallContext context) =>
            await devices.ReplaceInstallAsync(request.DeviceId, Guid.Parse(request.InstallId), context.CancellationToken)
                ? new ReplaceInstallResponse()
                : throw new RpcException(new Status(StatusCode.NotFound, "There is no such device."));

        public override Task<ListSilosResponse> ListSilos(ListSilosRequest request, ServerCallContext context) => Task.FromResult(new ListSilosResponse
        {
            Silos =
            {
                new SiloInfo
                {
                    Name = "silo-1", State = SiloInfo.Types.State.Running, Version = "0.1.0", OwnerEpoch = 1, Sessions = 3, Actors = 3,
                    Transcriber = new TranscriberInfo { Waiting = 3, Deployments = { state.Deployments } },
                },
            },
        });

        public override async Task<Retranscription> PromoteRetranscription(RetranscriptionDecision request, ServerCallContext context) =>
            await runs.PromoteAsync(Guid.Parse(request.RunId), request.DecidedBy, context.CancellationToken)
                ? new Retranscription()
                : throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Run {request.RunId} is promoted already."));

        public override async Task<Retranscription> DiscardRetranscription(RetranscriptionDecision request, ServerCallContext context) =>
            await runs.DiscardAsync(Guid.Parse(request.RunId), request.DecidedBy, context.CancellationToken)
                ? new Retranscription()
                : throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Run {request.RunId} is promoted already."));

        private static UtteranceKey Key(UtteranceName name) => new(name.DeviceId, Guid.Parse(name.UtteranceId));
    }
}
