using System.Runtime.InteropServices;
using Fleet.DeviceAgent.Capture.Live;
using Fleet.DeviceAgent.Diagnosis;

namespace Fleet.IntegrationTests.Agent.Diagnosis;

/// <summary>Microphones of every kind, played by a program that is called arecord.</summary>
public sealed class MicrophoneCheckTests : IDisposable
{
    private readonly AgentFixture _agent = new();

    public void Dispose() => _agent.Dispose();

    [Theory]
    [InlineData(9_000, 0, "Ok", "dBFS")]
    [InlineData(0, 0, "No", "silent")]
    [InlineData(60_000, 0, "Warning", "clipped")]
    [InlineData(3_000, 4_000, "Warning", "off zero")]
    [InlineData(20, 0, "Warning", "faint")]
    public async Task Run_Sound_IsJudged(int swing, int offset, string verdict, string word)
    {
        var sound = Enumerable.Range(0, 3 * 16_000).Select(i => (short)Math.Clamp(offset + (swing * Math.Sin(i * 0.2)), short.MinValue, short.MaxValue)).ToArray();
        var file = _agent.Write("sound.raw", MemoryMarshal.AsBytes<short>(sound).ToArray());

        var result = await RunAsync($"exec cat '{file}'");

        result.Verdict.ToString().ShouldBe(verdict, result.ToString());
        result.Detail.ShouldContain(word);
    }

    [Fact]
    public async Task Run_NoDevice_TellsWhatArecordSaid()
    {
        const string Fails = "echo 'arecord: main:830: audio open error: No such file or directory' >&2; exit 1";

        var result = await RunAsync(Fails);

        result.Verdict.ShouldBe(Verdict.No);
        result.Mend.ShouldContain("arecord -L");
        (await RunAsync(Fails, agentRuns: true)).Verdict.ShouldBe(Verdict.Warning);
    }

    private async Task<CheckResult> RunAsync(string script, bool agentRuns = false)
    {
        var program = _agent.Write("arecord", System.Text.Encoding.UTF8.GetBytes($"#!/bin/sh\n{script}\n"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        InputAddress.TryParse("alsa:default", out var input, out _).ShouldBeTrue();
        var options = new CaptureOptions { Input = input, SearchPath = Path.GetDirectoryName(program)! }; // a file has a folder
        return await new MicrophoneCheck(options, agentRuns, TimeProvider.System).RunAsync(CancellationToken.None);
    }
}
