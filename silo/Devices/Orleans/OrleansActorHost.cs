using System.Net;
using System.Net.Sockets;
using Fleet.Silo.Membership;
using Fleet.Silo.Telemetry;
using Fleet.Storage;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using SiloOptions = Fleet.Silo.Membership.SiloOptions;
using SiloStatus = Fleet.Silo.Membership.SiloStatus;

namespace Fleet.Silo.Devices.Orleans;

/// <summary>
/// Runs Orleans' own silo inside this program, as a host of its own: it starts when the database is there and migrated, is tried again when it could not
/// join, and stops after everything else of this silo.
/// </summary>
internal sealed partial class OrleansActorHost(
    FleetDatabase database, ISessionLedger ledger, ISessionDownlink localStreams, LocalDevices local, LocalSilo self, ActorCalls calls, IOptions<OrleansOptions> options,
    IOptions<DevicesOptions> devices, IOptions<SiloOptions> siloOptions, SiloStatus status, IHostApplicationLifetime lifetime, TimeProvider time,
    ILoggerFactory loggers, ILogger<OrleansActorHost> logger) : IActorHost, IAsyncDisposable
{
    private readonly OrleansOptions _options = options.Value;
    private volatile Running? _running;

    public bool IsAlone => false;

    public string? NotReadyBecause => _running switch
    {
        null => "The silo is not in its cluster.",
        { Silos.CurrentStatus: not global::Orleans.Runtime.SiloStatus.Active } running => $"In its cluster this silo is {running.Silos.CurrentStatus}.",
        _ => null,
    };

    /// <summary>Of this run of the silo, as sessions name it.</summary>
    public string Address => Now.Address;

    public IGrainFactory Grains => Now.Grains;

    public SiloDoors Doors => Now.Doors;

    public IReadOnlyList<SiloAddress> ActiveSilos => [.. Now.Silos.GetActiveSilos()];

    private Running Now => _running ?? throw new ActorUnavailableException("The silo is not in its cluster; try again.", null);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_running is not null)
        {
            return;
        }

        IHost? host = null;
        try
        {
            host = SiloBuilder.Build(new SiloParts(
                database, ledger, new LocalStreams(localStreams), local, self, options, devices, siloOptions.Value.Name, await FindAddressAsync(cancellationToken), time, loggers,
                OnGivenUp));
            await host.StartAsync(cancellationToken);
            _running = new Running(
                host,
                host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString(),
                host.Services.GetRequiredService<IGrainFactory>(),
                host.Services.GetRequiredService<SiloDoors>(),
                host.Services.GetRequiredService<ISiloStatusOracle>());
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            await DisposeAsync(host);
            throw Explain(exception);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_running is { } running)
        {
            await running.Host.StopAsync(cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => DisposeAsync(_running?.Host);

    private static async ValueTask DisposeAsync(IHost? host)
    {
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    private async Task<IPAddress> FindAddressAsync(CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(_options.AdvertisedAddress, out var address))
        {
            return address;
        }

        var name = _options.AdvertisedAddress == OrleansOptions.Auto ? Dns.GetHostName() : _options.AdvertisedAddress;
        var addresses = await Dns.GetHostAddressesAsync(name, cancellationToken);
        return addresses.FirstOrDefault(candidate => candidate.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(candidate))
            ?? addresses.First();
    }

    private ActorHostException Explain(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
            {
                return new ActorHostException(
                    $"Port {_options.SiloPort} or {_options.GatewayPort} of {_options.AdvertisedAddress} is in use: give each silo of a machine its own "
                    + "Fleet:Orleans:SiloPort and Fleet:Orleans:GatewayPort.", isFinal: true, exception);
            }

            if (inner is SocketException { SocketErrorCode: SocketError.AddressNotAvailable or SocketError.HostNotFound or SocketError.NoData } socket)
            {
                return new ActorHostException(
                    $"Fleet:Orleans:AdvertisedAddress is {_options.AdvertisedAddress}, which is no address of this machine ({socket.Message}): set one, or auto.",
                    isFinal: true, exception);
            }
        }

        return new ActorHostException($"The silo could not join its cluster: {exception.GetBaseException().Message}", isFinal: false, exception);
    }

    // The others have declared this silo dead, or its runtime broke: its actors are elsewhere by now. What devices have sent is still committed and acked.
    private void OnGivenUp(string reason)
    {
        calls.IsOver = true;
        LogGivenUp(reason);
        status.SetFailed(reason);
        lifetime.StopApplication();
    }

    [LoggerMessage(EventIds.GivenUpByCluster, LogLevel.Critical, "The silo stops, and is to be started again: {Reason}")]
    private partial void LogGivenUp(string reason);

    private sealed record Running(IHost Host, string Address, IGrainFactory Grains, SiloDoors Doors, ISiloStatusOracle Silos);
}
