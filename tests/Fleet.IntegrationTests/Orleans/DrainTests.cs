using System.Buffers.Binary;
using Fleet.DeviceAgent.Capture;
using Fleet.DeviceAgent.Configuration;
using Fleet.IntegrationTests.Agent;
using Fleet.Testing;

namespace Fleet.IntegrationTests.Orleans;

/// <summary>Agents that know several addresses, under a silo that is drained and one that is killed.</summary>
public sealed class DrainTests : ClusterTestBase
{
    private const int Agents = 8;
    private const int Recordings = 12 * Agents; // each agent plays its share

    [LongPostgresFact]
    public async Task OneOfTwo_DrainedThenTheOtherKilled_AgentsMoveAndNothingIsLost()
    {
        var (a, b) = await StartTwoAsync();
        await using var first = a;
        await using var second = b;
        using var agent = new AgentFixture();
        var folder = agent.WriteFolder([.. Enumerable.Range(0, Recordings).Select(i => ($"{i:000}.wav", OneSecond()))]);
        var running = agent.RunAsync(agent.Arguments($"{a.GrpcAddress},{b.GrpcAddress}", folder) with
        {
            Key = JoinKey,
            Simulate = Agents,
            Player = new PlayerOptions { Speed = 1 },
            Linger = TimeSpan.FromSeconds(45),
        });
        await EventuallyAsync(async () => await CountAsync("SELECT count(*) FROM utterances") >= Agents, "the agents talk", ClusterSilo.Limit);

        (await a.Program.StopAsync(ClusterSilo.Limit)).ShouldBe(0);
        await a.StartAsync();
        await b.KillAsync();

        (await running).ShouldBe(ExitCodes.Done, agent.Errors.ToString());
        (await CountAsync("SELECT count(*) FROM utterances WHERE status <> 5")).ShouldBe(Recordings);
        (await CountAsync("SELECT count(DISTINCT (device_id, sequence_number)) FROM utterances")).ShouldBe(Recordings);
        await EventuallyAsync(
            async () => await CountAsync("SELECT count(*) FROM utterances WHERE status = 2") == Recordings, "all of it is transcribed", ClusterSilo.Limit);
        (await CountAsync("SELECT count(*) FROM missing_ranges")).ShouldBe(0);
    }

    /// <summary>A WAV file of 16 kHz.</summary>
    private static byte[] OneSecond()
    {
        var wav = new byte[44 + 32_000];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), 16_000);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), 32_000);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(34), 16);
        "data"u8.CopyTo(wav.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), 32_000);
        new Random(1).NextBytes(wav.AsSpan(44));
        return wav;
    }
}
