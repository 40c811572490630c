using System.Diagnostics;
using System.Runtime.InteropServices;
using Fleet.Audio;
using Fleet.Cli.Local.Postgres;
using Fleet.DeviceAgent.Spool;
using Fleet.IntegrationTests.Agent;
using Fleet.Testing;
using Fleet.Testing.FakeScorer;
using Npgsql;

namespace Fleet.IntegrationTests.Silo;

/// <summary>The database comes back without what it had committed last: a promoted replica that lagged, a restored backup.</summary>
public sealed class FailoverTests : IDisposable
{
    private readonly AgentFixture _agent = new();

    public void Dispose() => _agent.Dispose();

    [PostgresFact]
    public async Task Failover_ToWhatLacksAnAckedUtterance_AgentThatKeptItBringsItBackOnce()
    {
        // Asked for recovery, the server finds no more WAL than it has, and begins a new timeline: what a promotion does.
        await using var cluster = await TestCluster.StartAsync(
            new Dictionary<string, string> { ["restore_command"] = "false", ["hot_standby"] = "off" });
        await using var scorer = await FakeScorer.StartAsync();
        await using var silo = await SiloUnderTest.StartAsync(cluster.Server.OwnerConnectionString(), scorer.Endpoint);
        var copied = Path.Combine(RepositoryPaths.Samples, "message-forwarded.wav");
        var lagging = Path.Combine(RepositoryPaths.Samples, "two-sentences.wav");
        var arguments = _agent.Arguments(silo.GrpcAddress, copied) with { Key = silo.JoinKey, Spool = new SpoolOptions { KeepStored = TimeSpan.FromHours(1) } };
        (await _agent.RunAsync(arguments)).ShouldBe(0, _agent.Errors.ToString());
        await cluster.Server.StopAsync(PostgresStopMode.Fast, CancellationToken.None);
        await CopyAsync(DataOf(cluster), DataOf(cluster) + ".replica");
        await cluster.Server.StartAsync(CancellationToken.None);
        await SiloTestBase.EventuallyAsync(async () => (await silo.GetAsync("/healthz/ready")).Status == 200, "the silo has its database back");
        using var stopping = new CancellationTokenSource();
        // It says it once, and stays.
        var player = arguments.Player with { Speed = 10, Loop = true, Pause = TimeSpan.FromHours(10) };
        var running = _agent.RunAsync(arguments with { Play = lagging, Exit = false, Player = player }, stopping.Token);
        await SiloTestBase.EventuallyAsync(() => Task.FromResult(_agent.Output.ToString().Contains("two-sentences.wav", StringComparison.Ordinal)), "the agent has its transcript");

        await cluster.Server.StopAsync(PostgresStopMode.Fast, CancellationToken.None);
        Directory.Delete(DataOf(cluster), recursive: true);
        Directory.Move(DataOf(cluster) + ".replica", DataOf(cluster));
        await File.WriteAllTextAsync(Path.Combine(DataOf(cluster), "recovery.signal"), "");
        await cluster.Server.StartAsync(CancellationToken.None);
        (await RowsAsync(cluster)).Count.ShouldBe(1, "the copy was to lack the second one");

        List<(long Number, short Status, byte[] Pcm)> rows = [];
        await SiloTestBase.EventuallyAsync(
            async () => (rows = await RowsAsync(cluster)) is [{ Status: 2 }, { Status: 2 }], "both are there and transcribed", TimeSpan.FromSeconds(60));
        rows.Select(row => row.Number).ShouldBe([1L, 2L]);
        rows[0].Pcm.ShouldBe(PcmOf(copied));
        rows[1].Pcm.ShouldBe(PcmOf(lagging));
        _agent.Errors.ToString().ShouldContain("The cluster has lost utterance");
        silo.Logs.Lines.ShouldContain(line => line.Text.Contains("The database is another one", StringComparison.Ordinal));
        await stopping.CancelAsync();
        await running;
    }

    private static string DataOf(TestCluster cluster) => Path.Combine(cluster.Folder, "data");

    private static byte[] PcmOf(string wav) => MemoryMarshal.AsBytes(WavReader.ReadFile(wav).Samples.Span).ToArray();

    /// <summary>With owners and modes, which the server insists on.</summary>
    private static async Task CopyAsync(string from, string to)
    {
        using var copy = Process.Start("cp", ["-a", from, to]);
        await copy.WaitForExitAsync();
        copy.ExitCode.ShouldBe(0);
    }

    private static async Task<List<(long Number, short Status, byte[] Pcm)>> RowsAsync(TestCluster cluster)
    {
        await using var connection = new NpgsqlConnection(cluster.Server.OwnerConnectionString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT u.sequence_number, u.status, a.pcm FROM utterances u JOIN utterance_audio a USING (device_id, utterance_id) ORDER BY 1", connection);
        await using var reader = await command.ExecuteReaderAsync();
        List<(long, short, byte[])> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add((reader.GetInt64(0), reader.GetInt16(1), await reader.GetFieldValueAsync<byte[]>(2)));
        }

        return rows;
    }
}
