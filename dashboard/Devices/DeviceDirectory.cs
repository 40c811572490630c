using Fleet.Storage;
using Fleet.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Fleet.Dashboard.Devices;

/// <summary>
/// The devices: asked of the silo, which knows who is connected; without it what the database knows. One answer is shared by everybody
/// who asks within two seconds, so a wall of screens costs the silo one call.
/// </summary>
internal sealed partial class DeviceDirectory(
    FleetApi.FleetApiClient silo, DeviceStore store, IOptions<FleetApiOptions> options, TimeProvider time, ILogger<DeviceDirectory> logger)
    : IDisposable
{
    private static readonly TimeSpan _freshFor = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _gate = new(1);
    private DeviceOverview? _latest;
    private DateTimeOffset _readAt;
    private long? _siloAwaySince;

    public async Task<DeviceOverview> GetAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_latest is null || time.GetUtcNow() - _readAt > _freshFor)
            {
                _latest = await ReadAsync(cancellationToken);
                _readAt = time.GetUtcNow();
            }

            return _latest;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<DeviceOverview> ReadAsync(CancellationToken cancellationToken)
    {
        var problem = await TryReadSiloAsync(cancellationToken);
        if (problem.Overview is { } overview)
        {
            return overview;
        }

        var known = await store.ListAsync(cancellationToken);
        return new DeviceOverview([.. known.Select(FromDatabase)], problem.Reason);
    }

    private async Task<(DeviceOverview? Overview, string? Reason)> TryReadSiloAsync(CancellationToken cancellationToken)
    {
        try
        {
            var deadline = time.GetUtcNow().UtcDateTime.AddMilliseconds(options.Value.TimeoutMilliseconds);
            var answer = await silo.ListDevicesAsync(
                new ListDevicesRequest(), await CredentialAsync(cancellationToken), deadline, cancellationToken);
            if (_siloAwaySince is { } since)
            {
                _siloAwaySince = null;
                LogSiloBack(time.GetElapsedTime(since));
            }

            return (new DeviceOverview([.. answer.Devices.Select(FromSilo)], null), null);
        }
        catch (Exception ex) when (ex is RpcException or IOException or UnauthorizedAccessException or HttpRequestException
            && !cancellationToken.IsCancellationRequested)
        {
            if (_siloAwaySince is null)
            {
                _siloAwaySince = time.GetTimestamp();
                LogSiloAway(options.Value.Address, ex.Message);
            }

            return (null, Explain(ex));
        }
    }

    private string Explain(Exception exception) => exception switch
    {
        RpcException { StatusCode: StatusCode.Unauthenticated or StatusCode.PermissionDenied } =>
            "The silo does not take the dashboard's API key: compare Fleet:Api:KeyFile with the silo's.",
        UnauthorizedAccessException => "The file of Fleet:Api:KeyFile may not be read by the dashboard.",
        IOException => "The file of Fleet:Api:KeyFile is not there yet.",
        _ => $"The silo does not answer at {options.Value.Address.GetLeftPart(UriPartial.Authority)}.",
    };

    private async Task<Metadata> CredentialAsync(CancellationToken cancellationToken)
    {
        var headers = new Metadata();
        if (options.Value.KeyFile is { Length: > 0 } path)
        {
            var key = await File.ReadAllTextAsync(path, cancellationToken);
            headers.Add("authorization", $"Bearer {key.Trim()}");
        }

        return headers;
    }

    private static DeviceState FromSilo(DeviceInfo device) => new(
        device.DeviceId,
        device.Online,
        device.LastSeenUnixMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(device.LastSeenUnixMs),
        device.AgentVersion,
        (long)device.StoredUtterances,
        device.SpoolUtterances,
        [.. device.Health]);

    private static DeviceState FromDatabase(DeviceSummary device) =>
        new(device.DeviceId, null, device.LastSeen, device.AgentVersion, device.StoredUtterances, 0, []);
}
