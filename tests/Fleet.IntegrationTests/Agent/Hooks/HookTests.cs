using System.Runtime.InteropServices;
using Fleet.Audio;
using Fleet.Cli.Keywords.Sounds;
using Fleet.DeviceAgent.Hooks;
using Fleet.DeviceAgent.Keywords;
using Fleet.Testing;
using Fleet.V1;

namespace Fleet.IntegrationTests.Agent.Hooks;

/// <summary>Commands of the owner's, run by a real shell while the agent works.</summary>
public sealed class HookTests : IDisposable
{
    private readonly AgentFixture _agent = new();

    public void Dispose() => _agent.Dispose();

    [Fact]
    public async Task Commands_RunInOrder_AndKnowWhatHappened()
    {
        await using var server = await IngestServer.StartAsync();
        var log = _agent.Write("events", []);
        var write = $"echo \"$FLEET_EVENT $FLEET_DEVICE $FLEET_UTTERANCE $FLEET_STATUS [$(cat)]\" >> '{log}'";

        var exitCode = await RunAsync(server, Hooks(
            (HookEvent.Recording, write), (HookEvent.Recorded, write), (HookEvent.Stored, write), (HookEvent.Transcript, write)));

        exitCode.ShouldBe(0, _agent.Errors.ToString());
        var id = server.Received.ShouldHaveSingleItem().Start.UtteranceId;
        (await File.ReadAllLinesAsync(log)).ShouldBe(
            [$"recording pi {id}  []", $"recorded pi {id}  []", $"stored pi {id}  []", $"transcript pi {id} transcribed [heard {id}]"]);
    }

    [Fact]
    public async Task Wake_TellsTheKeyword_BeforeTheRecording()
    {
        await using var server = await IngestServer.StartAsync();
        var log = _agent.Write("events", []);
        var write = $"echo \"$FLEET_EVENT $FLEET_KEYWORD\" >> '{log}'";
        var played = new List<short>(new short[2 * 16_000]);
        played.AddRange(Samples(Path.Combine(RepositoryPaths.Root, "tests", "Fleet.IntegrationTests", "Agent", "Keywords", "listen.wav")));
        played.AddRange(Samples(Path.Combine(RepositoryPaths.Samples, "message-forwarded.wav")));
        played.AddRange(new short[2 * 16_000]);
        var keyword = new KeywordOptions { ModelFolders = [Fleet.Audio.Keywords.ShippedKeywordModels.Find("listen")] };

        var wav = _agent.Write("said.wav", []);
        Wave16.Write(wav, CollectionsMarshal.AsSpan(played));
        await _agent.RunAsync(_agent.Arguments(server.Address, wav) with
        {
            Trigger = Trigger.Keyword, Keyword = keyword, Hooks = Hooks((HookEvent.Woken, write), (HookEvent.Recording, write)),
        });

        (await File.ReadAllLinesAsync(log)).ShouldBe(["wake listen", "recording listen"]);
    }

    [Fact]
    public async Task Command_ThatHangs_IsKilledAndHoldsNothing()
    {
        await using var server = await IngestServer.StartAsync();

        var exitCode = await RunAsync(server, Hooks((HookEvent.Recording, "sleep 600")) with { Timeout = TimeSpan.FromSeconds(1) });

        exitCode.ShouldBe(0, _agent.Errors.ToString());
        server.Received.ShouldHaveSingleItem();
        _agent.Errors.ToString().ShouldContain("--on-recording ran for longer than 1 s (--hook-timeout) and was killed");
    }

    [Fact]
    public async Task Command_ThatFails_IsLoggedAndTheRestGoesOn()
    {
        await using var server = await IngestServer.StartAsync();

        var exitCode = await RunAsync(server, Hooks((HookEvent.Recording, "exit 7")));

        exitCode.ShouldBe(0, _agent.Errors.ToString());
        _agent.Errors.ToString().ShouldContain("--on-recording ended with exit code 7");
    }

    [Fact]
    public async Task Error_TellsWhatIsWrong()
    {
        await using var server = await IngestServer.StartAsync();
        var log = _agent.Write("events", []);
        var sample = Path.Combine(RepositoryPaths.Samples, "message-forwarded.wav");

        await _agent.RunAsync(_agent.Arguments(server.Address, sample) with
        {
            Trigger = Trigger.Vad, SpeechModel = "/no/such/model.onnx", Hooks = Hooks((HookEvent.Error, $"echo \"$FLEET_REASON\" >> '{log}'")),
        });

        (await File.ReadAllLinesAsync(log)).ShouldBe(["speech-model-missing"]);
    }

    private Task<int> RunAsync(IngestServer server, HookOptions hooks) =>
        _agent.RunAsync(_agent.Arguments(server.Address, Path.Combine(RepositoryPaths.Samples, "message-forwarded.wav")) with { Hooks = hooks });

    private static HookOptions Hooks(params (HookEvent Event, string Command)[] commands) =>
        new() { Commands = commands.ToDictionary(pair => pair.Event, pair => pair.Command) };

    private static short[] Samples(string path) => WavReader.ReadFile(path).Samples.ToArray();
}
