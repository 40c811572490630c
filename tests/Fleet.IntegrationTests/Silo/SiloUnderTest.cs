using Fleet.Silo.Hosting;
using Fleet.Silo.Membership;
using Fleet.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.IntegrationTests.Silo;

/// <summary>The silo's own program on free ports of loopback, with short times.</summary>
internal sealed class SiloUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(20);

    private readonly WebApplication _app;
    private readonly string _folder;
    private readonly bool _ownsFolder;
    private readonly List<IDisposable> _channels = [];
    private bool _stopped;

    private SiloUnderTest(WebApplication app, string folder, bool ownsFolder)
    {
        _app = app;
        _folder = folder;
        _ownsFolder = ownsFolder;
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(Logs);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList(); // Kestrel always has it
        GrpcAddress = addresses[0];
        HttpAddress = addresses[1];
        JoinKey = File.ReadAllText(Path.Combine(folder, "join.key")).Trim();
        ApiKey = File.ReadAllText(Path.Combine(folder, "api.key")).Trim();
    }

    public string GrpcAddress { get; }

    public string HttpAddress { get; }

    public string JoinKey { get; }

    public string ApiKey { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>What it logged at Warning or above, once it had started.</summary>
    public LogCollector Logs { get; } = new();

    public SiloStatus Status => Services.GetRequiredService<SiloStatus>();

    public static async Task<SiloUnderTest> StartAsync(
        string connectionString, Uri scoringEndpoint, IReadOnlyDictionary<string, string?>? settings = null, string? keyFolder = null, bool waitUntilReady = true)
    {
        var folder = keyFolder ?? Directory.CreateTempSubdirectory("fleet-silo-test-").FullName;
        var all = new Dictionary<string, string?>
        {
            ["Fleet:Database:ConnectionString"] = connectionString,
            ["Fleet:Grpc:Listen"] = "127.0.0.1:0",
            ["Fleet:Http:Listen"] = "127.0.0.1:0",
            ["Fleet:Credentials:JoinKeyFile"] = Path.Combine(folder, "join.key"),
            ["Fleet:Credentials:ApiKeyFile"] = Path.Combine(folder, "api.key"),
            ["Fleet:Scoring:Endpoint"] = scoringEndpoint.ToString(),
            ["Fleet:Scoring:MaxBackOffMs"] = "200",
            ["Fleet:Scoring:SweepIntervalMs"] = "300",
            ["Fleet:Retranscription:PollIntervalMs"] = "200",
            ["Fleet:Silo:LockCheckMs"] = "200",
            ["Fleet:Silo:LockWaitSeconds"] = "1",
            ["Fleet:Silo:DrainSeconds"] = "1",
            ["Fleet:Silo:FlushSeconds"] = "1",
            ["Logging:LogLevel:Default"] = "Warning",
        };
        foreach (var (key, value) in settings ?? new Dictionary<string, string?>())
        {
            all[key] = value;
        }

        var app = SiloHost.Build([], all);
        await app.StartAsync();
        var silo = new SiloUnderTest(app, folder, keyFolder is null);
        if (waitUntilReady)
        {
            await silo.Status.Started.WaitAsync(_deadline);
        }

        return silo;
    }

    public TestDevice NewDevice(string? deviceId = null, Guid? installId = null, string? key = null) =>
        new(new DeviceIngest.DeviceIngestClient(NewChannel()), key ?? JoinKey, deviceId ?? $"pi-{Guid.NewGuid():N}"[..12], installId ?? Guid.NewGuid());

    public FleetApi.FleetApiClient NewApi() => new(NewChannel());

    public Metadata ApiHeaders(string? key = null) => new() { { "authorization", $"Bearer {key ?? ApiKey}" } };

    public async Task<(int Status, string Body)> GetAsync(string path)
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(HttpAddress + path));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public Task StopAsync()
    {
        _stopped = true;
        return _app.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        if (!_stopped)
        {
            await StopAsync();
        }

        await _app.DisposeAsync();
        if (_ownsFolder)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    public GrpcChannel NewChannel()
    {
        var channel = GrpcChannel.ForAddress(GrpcAddress);
        _channels.Add(channel);
        return channel;
    }
}
