using System.Globalization;
using Fleet.Cli.Local.Processes;
using Fleet.Testing;

namespace Fleet.Benchmarks.Cluster;

/// <summary>One silo as a process, with ports that it keeps when it is started again.</summary>
internal sealed class ClusterMember(string name, int grpcPort, IReadOnlyDictionary<string, string?> environment, bool isCluster)
{
    private readonly int _siloPort = FreePort.Any();
    private TestProgram? _program;

    public string Name => name;

    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{grpcPort}");

    public int ProcessId => Program.Process.ProcessId;

    private TestProgram Program => _program ?? throw new InvalidOperationException($"{name} was not started.");

    public void Start() => _program = TestProgram.Start("Fleet.Silo", environment: new Dictionary<string, string?>(environment)
    {
        ["Fleet__Runtime"] = isCluster ? "orleans" : "embedded",
        ["Fleet__Silo__Name"] = name,
        ["Fleet__Orleans__SiloPort"] = _siloPort.ToString(CultureInfo.InvariantCulture),
        ["Fleet__Orleans__GatewayPort"] = "0",
    });

    public Task WaitUntilReadyAsync(TimeSpan limit) => Program.WaitForLineAsync("is ready", limit);

    public async Task StopAsync(TimeSpan limit)
    {
        if (!Program.Process.Exited.IsCompleted)
        {
            await Program.StopAsync(limit);
        }

        await Program.DisposeAsync();
    }

    public void Kill() => _program?.Process.Signal(UnixSignal.Kill);
}
