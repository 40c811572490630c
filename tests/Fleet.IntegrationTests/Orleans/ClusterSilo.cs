using System.Globalization;
using Fleet.Cli.Local.Processes;
using Fleet.IntegrationTests.Silo;
using Fleet.Testing;
using Fleet.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.IntegrationTests.Orleans;

/// <summary>One silo of a cluster, as a process with ports of its own, which it keeps when it is started again.</summary>
internal sealed class ClusterSilo(string name, IReadOnlyDictionary<string, string?> settings) : IAsyncDisposable
{
    /// <summary>For machines that do other things as well.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly List<GrpcChannel> _channels = [];
    private readonly int _grpcPort = FreePort.Any();
    private readonly int _httpPort = FreePort.Any();
    private readonly int _siloPort = FreePort.Any();
    private readonly int _gatewayPort = FreePort.Any();
    private TestProgram? _program;

    public string Name { get; } = name;

    public string GrpcAddress => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_grpcPort}");

    public TestProgram Program => _program ?? throw new InvalidOperationException("Not started.");

    public async Task StartAsync()
    {
        Launch();
        await Program.WaitForLineAsync("is ready", Limit);
    }

    public void Launch() => _program = TestProgram.Start("Fleet.Silo", environment: new Dictionary<string, string?>(settings)
    {
        ["Fleet__Runtime"] = settings.GetValueOrDefault("Fleet__Runtime") ?? "orleans",
        ["Fleet__Silo__Name"] = Name,
        ["Fleet__Grpc__Listen"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_grpcPort}"),
        ["Fleet__Http__Listen"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_httpPort}"),
        ["Fleet__Orleans__SiloPort"] = _siloPort.ToString(CultureInfo.InvariantCulture),
        ["Fleet__Orleans__GatewayPort"] = _gatewayPort.ToString(CultureInfo.InvariantCulture),
    });

    public TestDevice NewDevice(string key, string deviceId, Guid installId) =>
        new(new DeviceIngest.DeviceIngestClient(NewChannel()), key, deviceId, installId);

    public async Task<IReadOnlyList<DeviceInfo>> ListOnlineAsync(string apiKey)
    {
        var devices = await new FleetApi.FleetApiClient(NewChannel())
            .ListDevicesAsync(new ListDevicesRequest(), new Metadata { { "authorization", $"Bearer {apiKey}" } });
        return [.. devices.Devices.Where(device => device.Online)];
    }

    public FleetApi.FleetApiClient NewApi() => new(NewChannel());

    public async Task<string> GetHealthAsync()
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_httpPort}/healthz/ready")));
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>kill -9: nothing is said, nothing is written any more.</summary>
    public async Task KillAsync()
    {
        Program.Process.Signal(UnixSignal.Kill);
        await Program.WaitForExitAsync();
        await Program.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        if (_program is not null)
        {
            await _program.DisposeAsync();
        }
    }

    private GrpcChannel NewChannel()
    {
        var channel = GrpcChannel.ForAddress(GrpcAddress);
        _channels.Add(channel);
        return channel;
    }
}
