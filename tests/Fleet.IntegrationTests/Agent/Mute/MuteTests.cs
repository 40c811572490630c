using System.Runtime.InteropServices;
using Fleet.Audio;
using Fleet.DeviceAgent.Configuration;
using Fleet.DeviceAgent.Health;
using Fleet.DeviceAgent.Mute;
using Fleet.IntegrationTests.Agent.Capture;
using Fleet.Testing;
using Fleet.V1;

namespace Fleet.IntegrationTests.Agent.Mute;

/// <summary>A microphone that its owner has muted, before the agent starts and while it runs.</summary>
public sealed class MuteTests : IDisposable
{
    private readonly AgentFixture _agent = new();
    private readonly FakeArecord _arecord = new();

    private static byte[] Speech => MemoryMarshal.AsBytes(WavReader.ReadFile(Path.Combine(RepositoryPaths.Samples, "two-sentences.wav")).Samples.Span).ToArray();

    [Fact]
    public async Task Muted_BeforeTheStart_NothingIsRecorded_UntilItIsNot()
    {
        await using var server = await IngestServer.StartAsync();
        Directory.CreateDirectory(_agent.StateFolder);
        MuteSwitch.Set(_agent.StateFolder, isMuted: true);

        (await _agent.RunAsync(Arguments(server, "stdin"), () => new MemoryStream(Speech), CancellationToken.None)).ShouldBe(0, _agent.Errors.ToString());
        server.Received.ShouldBeEmpty();
        _agent.Errors.ToString().ShouldContain("The microphone is muted");

        MuteSwitch.Set(_agent.StateFolder, isMuted: false);
        (await _agent.RunAsync(Arguments(server, "stdin"), () => new MemoryStream(Speech), CancellationToken.None)).ShouldBe(0, _agent.Errors.ToString());
        server.Received.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Muted_AtThisTimeOfDay_NothingIsRecorded()
    {
        await using var server = await IngestServer.StartAsync();
        var arguments = Arguments(server, "stdin");
        // All of the day, in two parts.
        MuteTime.TryParse("00:00-12:00", out var morning).ShouldBeTrue();
        MuteTime.TryParse("12:00-00:00", out var evening).ShouldBeTrue();

        await _agent.RunAsync(
            arguments with { Capture = arguments.Capture! with { MuteTimes = [morning, evening] } }, () => new MemoryStream(Speech), CancellationToken.None);

        server.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task Muted_WhileItRuns_TheCloudIsTold_AndUnmutedItHearsAgain()
    {
        await using var server = await IngestServer.StartAsync();
        using var stopping = new CancellationTokenSource();
        await File.WriteAllBytesAsync(_arecord.File("speech.pcm"), Speech);
        _arecord.Install("while cat \"$DIR/speech.pcm\"; do sleep 0.2; done");
        var running = _agent.RunAsync(Arguments(server, "alsa:test") with { Linger = null, Exit = false }, stopping.Token);
        await server.WaitForAsync(1);

        MuteSwitch.Set(_agent.StateFolder, isMuted: true);
        await server.WaitForHealthAsync(DeviceHealth.Muted);
        var heard = server.Received.Count;

        MuteSwitch.Set(_agent.StateFolder, isMuted: false);
        await server.WaitForAsync(heard + 2);
        await stopping.CancelAsync();
        (await running).ShouldBe(0, _agent.Errors.ToString());
        _agent.Errors.ToString().ShouldContain("The microphone is not muted any more");
    }

    public void Dispose()
    {
        _agent.Dispose();
        _arecord.Dispose();
    }

    private AgentArguments Arguments(IngestServer server, string input) => _agent.Arguments(server.Address, "-") with
    {
        Play = null, Capture = _arecord.Options(input) with { HangTimeout = TimeSpan.FromSeconds(30) }, Player = new(), Trigger = Trigger.Vad,
    };
}
