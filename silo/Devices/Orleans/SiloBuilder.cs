using System.Net;
using Fleet.Silo.Membership;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Fleet.Silo.Devices.Orleans;

/// <summary>Builds Orleans' silo.</summary>
internal static class SiloBuilder
{
    // How often actors that nobody called are looked for; must be shorter than the shortest Fleet:Devices:IdleMinutes.
    private static readonly TimeSpan _collectionQuantum = TimeSpan.FromSeconds(30);

    public static IHost Build(SiloParts parts)
    {
        var options = parts.Options.Value;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "Fleet.Silo" });
        builder.Services
            .AddSingleton(parts.Loggers)
            .AddSingleton(parts.Time)
            .AddSingleton(parts.Options)
            .AddSingleton(parts.Ledger)
            .AddSingleton(parts.Streams)
            .AddSingleton(parts.Local)
            .AddSingleton(parts.Self)
            .AddSingleton<SiloDoors>()
            .AddSingleton<ISessionDownlink, ClusterDownlink>()
            // Signals are for the program around it.
            .AddSingleton<IHostLifetime, NoLifetime>()
            .AddSingleton<IFatalErrorHandler>(new SiloFailure(parts.OnGivenUp));
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(cluster =>
            {
                cluster.ClusterId = options.ClusterId;
                cluster.ServiceId = options.ServiceId;
            });
            silo.Configure<global::Orleans.Configuration.SiloOptions>(named => named.SiloName = parts.SiloName);
            silo.ConfigureEndpoints(parts.Address, options.SiloPort, options.GatewayPort);
            if (options.SiloListenPort > 0)
            {
                silo.Configure<EndpointOptions>(endpoint => endpoint.SiloListeningEndpoint = new IPEndPoint(parts.Address, options.SiloListenPort));
            }

            silo.UseAdoNetClustering(clustering =>
            {
                clustering.Invariant = "Npgsql";
                clustering.DataSource = parts.Database.DataSource;
            });
            silo.Configure<ClusterMembershipOptions>(membership => Configure(membership, options));
            silo.Configure<SiloMessagingOptions>(messaging =>
            {
                messaging.ResponseTimeout = TimeSpan.FromMilliseconds(options.ResponseTimeoutMs);
                messaging.SystemResponseTimeout = messaging.ResponseTimeout;
            });
            silo.Configure<GrainCollectionOptions>(collection =>
            {
                collection.CollectionQuantum = _collectionQuantum;
                collection.CollectionAge = parts.Devices.Value.IdleTime;
            });
            silo.AddGrainService<SiloDoor>();
        });
        return builder.Build();
    }

    private static void Configure(ClusterMembershipOptions membership, OrleansOptions options)
    {
        membership.ProbeTimeout = TimeSpan.FromMilliseconds(options.ProbeTimeoutMs);
        membership.NumMissedProbesLimit = options.MissedProbes;
        membership.NumVotesForDeathDeclaration = options.DeathVotes;
        membership.TableRefreshTimeout = TimeSpan.FromMilliseconds(options.TableRefreshMs);
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromMilliseconds(options.AliveIntervalMs);
        membership.MaxJoinAttemptTime = TimeSpan.FromSeconds(options.JoinTimeoutSeconds);
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class SiloFailure(Action<string> onGivenUp) : IFatalErrorHandler
    {
        public bool IsUnexpected(Exception exception) => true;

        // Orleans' own handler ends the process at once; this silo first answers what it has.
        public void OnFatalException(object? sender, string? context, Exception? exception) => onGivenUp(
            $"Orleans gave up: {context ?? "no context"}{(exception is null ? "" : $" ({exception.GetBaseException().Message})")}");
    }
}
