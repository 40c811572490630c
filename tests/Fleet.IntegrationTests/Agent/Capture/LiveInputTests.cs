using System.Runtime.InteropServices;
using Fleet.Audio;
using Fleet.DeviceAgent.Configuration;
using Fleet.DeviceAgent.Health;
using Fleet.Testing;
using Fleet.V1;

namespace Fleet.IntegrationTests.Agent.Capture;

/// <summary>The whole agent with live sound, against a cloud on real Kestrel.</summary>
public sealed class LiveInputTests : IDisposable
{
    private readonly AgentFixture _agent = new();
    private readonly FakeArecord _arecord = new();

    private static string Sample => Path.Combine(RepositoryPaths.Samples, "two-sentences.wav");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stdin_RawOrWav_ArrivesFromFirstToLastSample(bool isWav)
    {
        await using var server = await IngestServer.StartAsync();
        var bytes = MemoryMarshal.AsBytes(WavReader.ReadFile(Sample).Samples.Span).ToArray();
        var input = isWav ? await File.ReadAllBytesAsync(Sample) : bytes;

        var exitCode = await RunAsync(Arguments(server, "stdin") with { Trigger = Trigger.Button }, new MemoryStream(input));

        exitCode.ShouldBe(0, _agent.Errors.ToString());
        server.Received.OrderBy(utterance => utterance.Start.SequenceNumber).SelectMany(utterance => utterance.Pcm).ToArray().ShouldBe(bytes);
        server.Received.ShouldAllBe(utterance => utterance.Start.Source == "stdin");
        server.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Stdin_WavThatIsCutOff_IsKeptAndTold()
    {
        await using var server = await IngestServer.StartAsync();
        var whole = await File.ReadAllBytesAsync(Sample);

        await RunAsync(Arguments(server, "stdin") with { Trigger = Trigger.Button }, new MemoryStream(whole[..40_044]));

        server.Received.ShouldHaveSingleItem().Pcm.Length.ShouldBe(40_000);
        _agent.Errors.ToString().ShouldContain("'standard input' is cut off");
    }

    [Fact]
    public async Task Stdin_OtherCodec_SaysWhatItIsAndExitsWith2()
    {
        await using var server = await IngestServer.StartAsync();
        var file = await File.ReadAllBytesAsync(Sample);
        file[20] = 7; // µ-law

        (await RunAsync(Arguments(server, "stdin"), new MemoryStream(file))).ShouldBe(2);

        _agent.Errors.ToString().ShouldContain("'standard input' holds µ-law audio");
        _agent.Errors.ToString().ShouldContain("No sound came from stdin.");
    }

    [Fact]
    public async Task Microphone_DiesInMidSentence_WhatWasSaidBeforeAndAfterAreUtterancesOfTheirOwn()
    {
        await using var server = await IngestServer.StartAsync();
        using var stopping = new CancellationTokenSource();
        var samples = WavReader.ReadFile(Sample).Samples;
        _arecord.Install("cat \"$DIR/before.pcm\"; exit 1", "cat \"$DIR/after.pcm\"; exec sleep 60");

        // One second of the first sentence; then the same again and silence behind it.
        var before = MemoryMarshal.AsBytes(samples.Span[..24_000]).ToArray();
        await File.WriteAllBytesAsync(_arecord.File("before.pcm"), before);
        await File.WriteAllBytesAsync(_arecord.File("after.pcm"), [.. before, .. new byte[48_000]]);
        var running = RunAsync(Arguments(server, "alsa:test") with { Linger = null, Exit = false }, new MemoryStream(), stopping.Token);

        await server.WaitForAsync(2);
        await stopping.CancelAsync();

        (await running).ShouldBe(0, _agent.Errors.ToString());
        var received = server.Received.OrderBy(utterance => utterance.Start.SequenceNumber).ToList();
        received.Select(utterance => utterance.End.Reason).ShouldBe([UtteranceEnd.Types.Reason.SourceEnded, UtteranceEnd.Types.Reason.Silence]);
        received[0].Pcm.AsSpan().EndsWith(before.AsSpan()[^1_000..]).ShouldBeTrue("the last sound before the gap was kept");
        received[0].Pcm.Length.ShouldBeLessThanOrEqualTo(before.Length);
        received[1].Pcm.AsSpan().IndexOf(before.AsSpan()[^1_000..]).ShouldBeGreaterThan(0);
        received.ShouldAllBe(utterance => utterance.Start.Source == "alsa:test");
    }

    [Fact]
    public async Task Microphone_IsMissing_TheAgentStillSendsItsSpoolAndTellsTheCloud()
    {
        // A first run leaves an utterance in the spool.
        await using (var silent = await IngestServer.StartAsync(stores: false))
        {
            await _agent.RunAsync(_agent.Arguments(silent.Address, Sample) with { StopTimeout = TimeSpan.Zero, Linger = TimeSpan.FromSeconds(1) });
        }

        await using var server = await IngestServer.StartAsync();
        using var stopping = new CancellationTokenSource();
        var running = RunAsync(Arguments(server, "alsa:test") with { Linger = null, Exit = false }, new MemoryStream(), stopping.Token);

        await server.WaitForAsync(1);
        await server.WaitForHealthAsync(DeviceHealth.MicrophoneMissing);
        await stopping.CancelAsync();

        (await running).ShouldBe(0, _agent.Errors.ToString());
        _agent.Errors.ToString().ShouldContain("apt-get install alsa-utils");
    }

    [Fact]
    public async Task SpeechModel_Missing_LoudnessTellsSpeechAndPeopleAreTold()
    {
        await using var server = await IngestServer.StartAsync();
        using var stopping = new CancellationTokenSource();
        var arguments = _agent.Arguments(server.Address, Sample) with
        {
            Trigger = Trigger.Vad,
            SpeechModel = "/nowhere/silero.onnx",
            Exit = false,
            Linger = null,
        };
        var running = _agent.RunAsync(arguments, stopping.Token);

        await server.WaitForAsync(2);
        await server.WaitForHealthAsync(DeviceHealth.SpeechModelMissing);
        await stopping.CancelAsync();

        (await running).ShouldBe(0, _agent.Errors.ToString());
        server.Received.Count.ShouldBe(2);
        _agent.Errors.ToString().ShouldContain("Warning: Speech is told from noise by loudness alone");
        _agent.Errors.ToString().ShouldContain("/nowhere/silero.onnx");
    }

    [Fact]
    public async Task Sound_Clipped_IsToldOnceWithTheRemedy()
    {
        await using var server = await IngestServer.StartAsync();
        var loud = WavReader.ReadFile(Sample).Samples.ToArray().Select(sample => (short)Math.Clamp(sample * 30, short.MinValue, short.MaxValue)).ToArray();

        var exitCode = await RunAsync(
            Arguments(server, "stdin"), new MemoryStream([.. MemoryMarshal.AsBytes<short>(loud), .. MemoryMarshal.AsBytes<short>(loud)]));

        exitCode.ShouldBe(0, _agent.Errors.ToString());
        var errors = _agent.Errors.ToString();
        errors.Split("is too loud").Length.ShouldBe(2, errors);
        errors.ShouldContain("alsamixer");
    }

    public void Dispose()
    {
        _agent.Dispose();
        _arecord.Dispose();
    }

    private AgentArguments Arguments(IngestServer server, string input) => _agent.Arguments(server.Address, Sample) with
    {
        Play = null,
        Capture = _arecord.Options(input) with { HangTimeout = TimeSpan.FromSeconds(30) },
        Player = new(),
        Trigger = Trigger.Vad,
    };

    private Task<int> RunAsync(AgentArguments arguments, Stream input, CancellationToken stopping = default) =>
        _agent.RunAsync(arguments, () => input, stopping);
}
