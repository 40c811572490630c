using System.Net;
using Grpc.AspNetCore.Server;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.GrpcPeer;

/// <summary>Our server with <see cref="PeerService"/>, on a free port of this machine.</summary>
internal sealed class PeerHost : IAsyncDisposable
{
    public const string Key = "right";

    private readonly WebApplication _application;

    private PeerHost(WebApplication application)
    {
        _application = application;
    }

    public PeerObservations Observations => _application.Services.GetRequiredService<PeerObservations>();

    public Uri Address => AddressOf(0);

    /// <summary>The same service where only HTTP/1.1 is spoken.</summary>
    public Uri Http1Address => AddressOf(1);

    public static async Task<PeerHost> StartAsync(Action<GrpcServiceOptions>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton<PeerObservations>();
        builder.Services.AddGrpc(options =>
        {
            options.Interceptors.Add<BearerInterceptor>(Key);
            configure?.Invoke(options);
        });
        var application = builder.Build();
        application.Use((context, next) =>
        {
            context.Features.Set<IHttpMinRequestBodyDataRateFeature>(new ObservedDataRate(
                context.Features.GetRequiredFeature<IHttpMinRequestBodyDataRateFeature>(),
                context.RequestServices.GetRequiredService<PeerObservations>()));
            return next(context);
        });
        application.MapGrpcService<PeerService>();
        await application.StartAsync();
        return new PeerHost(application);
    }

    public GrpcChannel CreateChannel(Action<GrpcChannelOptions>? configure = null)
    {
        GrpcChannelOptions options = new();
        configure?.Invoke(options);
        return GrpcChannel.ForAddress(Address, options);
    }

    public static Peer.PeerClient CreateClient(GrpcChannel channel) => new(channel.Intercept(headers =>
    {
        headers.Add("authorization", $"Bearer {Key}");
        return headers;
    }));

    /// <summary>Stops without waiting for open calls, as a process does that is killed.</summary>
    public async Task KillAsync()
    {
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
    }

    public Task WaitForShutdownAsync() => _application.WaitForShutdownAsync();

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private Uri AddressOf(int listener) =>
        new(_application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.ElementAt(listener));
}
