using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Fleet.Audio;
using Fleet.DeviceAgent.Spool;
using Fleet.Testing;
using Fleet.V1;

namespace Fleet.IntegrationTests.Agent;

/// <summary>The agent against a cloud on real Kestrel.</summary>
public sealed class AgentRunTests : IDisposable
{
    private readonly AgentFixture _agent = new();

    private static string Sample => Path.Combine(RepositoryPaths.Samples, "message-forwarded.wav");

    [Fact]
    public async Task Play_WholeRecording_ArrivesFromFirstToLastSample()
    {
        await using var server = await IngestServer.StartAsync();
        var samples = WavReader.ReadFile(Sample).Samples;

        var exitCode = await _agent.RunAsync(_agent.Arguments(server.Address, Sample));

        exitCode.ShouldBe(0, _agent.Errors.ToString());
        var utterance = server.Received.ShouldHaveSingleItem();
        utterance.Pcm.AsSpan().SequenceEqual(MemoryMarshal.AsBytes(samples.Span)).ShouldBeTrue();
        utterance.End.Crc32C.ShouldBe(Crc32C.Of(utterance.Pcm));
        utterance.End.Reason.ShouldBe(UtteranceEnd.Types.Reason.SourceEnded);
        utterance.Start.Source.ShouldBe("message-forwarded.wav");
        utterance.Start.Trigger.ShouldBe(Trigger.Button);
        utterance.Start.SequenceNumber.ShouldBe(1UL);
        Guid.Parse(utterance.Start.UtteranceId).Version.ShouldBe(7);
        server.Violations.ShouldBeEmpty();
        _agent.Output.ToString().ShouldBe($"pi  message-forwarded.wav  heard {utterance.Start.UtteranceId}{Environment.NewLine}");
        Directory.GetFiles(Path.Combine(_agent.StateFolder, "spool")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Play_InRealTime_IsStreamedInChunksOf100MsWhileItIsSpoken()
    {
        await using var server = await IngestServer.StartAsync();
        // Long enough that a busy machine has connected well before the end.
        var wav = Wav(Tone(16_000, seconds: 6), 16_000);
        var arguments = _agent.Arguments(server.Address, _agent.Write("tone.wav", wav));

        var exitCode = await _agent.RunAsync(arguments with { Player = arguments.Player with { Speed = 1 } });

        exitCode.ShouldBe(0, _agent.Errors.ToString());
        server.Received.ShouldHaveSingleItem().Chunks.ShouldBeGreaterThan(4); // one chunk if it were sent at its end
    }

    [Fact]
    public async Task Play_WithVoiceActivity_TheSpeechArrives()
    {
        await using var server = await IngestServer.StartAsync();
        var sample = Path.Combine(RepositoryPaths.Samples, "two-sentences.wav");

        var exitCode = await _agent.RunAsync(_agent.Arguments(server.Address, sample) with { Trigger = Trigger.Vad });

        exitCode.ShouldBe(0, _agent.Errors.ToString());
        server.Received.Count.ShouldBe(2);
        server.Received.Select(utterance => utterance.Start.Trigger).ShouldAllBe(trigger => trigger == Trigger.Vad);
        var length = WavReader.ReadFile(sample).Samples.Length * sizeof(short);
        server.Received.Sum(utterance => utterance.Pcm.Length).ShouldBeInRange(length / 3, length);
    }

    [Fact]
    public async Task Play_StereoAt48kHz_ArrivesAs16kHzMono()
    {
        await using var server = await IngestServer.StartAsync();
        var wav = Wav(Tone(48_000, seconds: 1).SelectMany(sample => new[] { sample, sample }).ToArray(), 48_000, channels: 2);

        var exitCode = await _agent.RunAsync(_agent.Arguments(server.Address, _agent.Write("stereo.wav", wav)));

        exitCode.ShouldBe(0, _agent.Errors.ToString());
        server.Received.ShouldHaveSingleItem().Pcm.Length.ShouldBe(32_000);
    }

    [Fact]
    public async Task Play_LongerThanTheCap_SplitsWithoutLosingASample()
    {
        await using var server = await IngestServer.StartAsync();
        var tone = Tone(16_000, seconds: 5);
        var arguments = _agent.Arguments(server.Address, _agent.Write("long.wav", Wav(tone, 16_000)));

        await _agent.RunAsync(arguments with { Endpointer = new EndpointerOptions { MaxUtterance = TimeSpan.FromSeconds(2) } });

        server.Received.Select(utterance => utterance.End.Reason).ShouldBe(
            [UtteranceEnd.Types.Reason.Cap, UtteranceEnd.Types.Reason.Cap, UtteranceEnd.Types.Reason.SourceEnded], ignoreOrder: true);
        server.Received.OrderBy(utterance => utterance.Start.SequenceNumber).SelectMany(utterance => utterance.Pcm).ToArray()
            .AsSpan().SequenceEqual(MemoryMarshal.AsBytes<short>(tone)).ShouldBeTrue();
        server.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Play_NotAWav_NamesItOnceAndPlaysTheRest()
    {
        await using var server = await IngestServer.StartAsync();
        var folder = _agent.WriteFolder(("a.wav", "ID3 this is an mp3"u8.ToArray()), ("b.wav", Wav(Tone(8000, seconds: 1), 8000)));

        var exitCode = await _agent.RunAsync(_agent.Arguments(server.Address, folder) with { Simulate = 4 });

        exitCode.ShouldBe(0, _agent.Errors.ToString());
        server.Received.Count.ShouldBe(2);
        var errors = _agent.Errors.ToString();
        errors.Split("a.wav' is an MP3").Length.ShouldBe(2, errors);
    }

    [Fact]
    public async Task Play_NothingIsAWav_ExitCode2()
    {
        await using var server = await IngestServer.StartAsync();

        var exitCode = await _agent.RunAsync(_agent.Arguments(server.Address, _agent.Write("talk.wav", "OggS"u8.ToArray())));

        exitCode.ShouldBe(2);
        _agent.Errors.ToString().ShouldContain("talk.wav");
        _agent.Errors.ToString().ShouldContain("Nothing could be played");
    }

    [Fact]
    public async Task Simulate_FewerRecordingsThanDevices_EachDeviceSpeaksWithItsOwnIdentity()
    {
        await using var server = await IngestServer.StartAsync();
        var folder = _agent.WriteFolder(("a.wav", Wav(Tone(16_000, seconds: 1), 16_000)), ("b.wav", Wav(Tone(16_000, seconds: 2), 16_000)));

        var exitCode = await _agent.RunAsync(_agent.Arguments(server.Address, folder) with { Simulate = 20, Json = true });

        exitCode.ShouldBe(0, _agent.Errors.ToString());
        server.Devices.Keys.Order().ShouldBe(Enumerable.Range(1, 20).Select(number => $"pi-{number:000}"));
        server.Devices.Values.Select(hello => hello.InstallId).Distinct().Count().ShouldBe(20);
        server.Received.Select(utterance => utterance.DeviceId).Order().ShouldBe(server.Devices.Keys.Order());
        server.Violations.ShouldBeEmpty();
        var lines = _agent.Output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(20);
        lines.ShouldAllBe(line => JsonDocument.Parse(line, default).RootElement.GetProperty("status").GetString() == "transcribed");
    }

    [Fact]
    public async Task Key_Wrong_SaysWhatToDoAndKeepsTheUtterance()
    {
        await using var server = await IngestServer.StartAsync();

        var exitCode = await _agent.RunAsync(_agent.Arguments(server.Address, Sample) with
        {
            Key = "a-wrong-key",
            Linger = TimeSpan.FromSeconds(1),
            StopTimeout = TimeSpan.Zero,
        });

        exitCode.ShouldBe(3);
        server.Received.ShouldBeEmpty();
        _agent.Errors.ToString().ShouldContain("refuses the join key");
        _agent.Errors.ToString().ShouldContain("--key-file");
        _agent.Errors.ToString().ShouldContain("not stored yet");
        Directory.GetFiles(Path.Combine(_agent.StateFolder, "spool")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Stop_CloudStoresNothing_KeepsItAndSendsItAtTheNextStart()
    {
        ulong number;
        byte[] pcm;
        await using (var silent = await IngestServer.StartAsync(stores: false))
        {
            var arguments = _agent.Arguments(silent.Address, Sample) with
            {
                StopTimeout = TimeSpan.FromMilliseconds(200),
                Linger = TimeSpan.FromSeconds(2),
            };
            (await _agent.RunAsync(arguments)).ShouldBe(3);
            number = silent.Received.First().Start.SequenceNumber;
            pcm = silent.Received.First().Pcm;
        }

        _agent.Errors.ToString().ShouldContain("stay in the spool");
        await using var server = await IngestServer.StartAsync();
        var next = _agent.Arguments(server.Address, _agent.Write("next.wav", Wav(Tone(16_000, seconds: 1), 16_000)));

        (await _agent.RunAsync(next)).ShouldBe(0, _agent.Errors.ToString());

        var received = server.Received.OrderBy(utterance => utterance.Start.SequenceNumber).ToList();
        received.Select(utterance => utterance.Start.SequenceNumber).ShouldBe([number, number + 1]);
        received[0].Pcm.AsSpan().SequenceEqual(pcm).ShouldBeTrue();
    }

    [Fact]
    public async Task Link_BreaksInTheMiddle_OnlyWhatIsMissingIsSentAgain()
    {
        await using var server = await IngestServer.StartAsync(cutAfterBytes: 200_000);
        var tone = Tone(16_000, seconds: 20);

        var exitCode = await _agent.RunAsync(_agent.Arguments(server.Address, _agent.Write("long.wav", Wav(tone, 16_000))));

        exitCode.ShouldBe(0, _agent.Errors.ToString());
        var utterance = server.Received.ShouldHaveSingleItem();
        utterance.Start.ResumeFromBytes.ShouldBeGreaterThan(0UL);
        utterance.Pcm.AsSpan().SequenceEqual(MemoryMarshal.AsBytes<short>(tone)).ShouldBeTrue();
        utterance.End.Crc32C.ShouldBe(Crc32C.Of(utterance.Pcm));
        server.AudioBytes.ShouldBe(utterance.Pcm.Length);
        server.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Stop_InTheMiddleOfAnUtterance_EndsItAndSendsIt()
    {
        await using var server = await IngestServer.StartAsync();
        using var stopping = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        var arguments = _agent.Arguments(server.Address, _agent.Write("long.wav", Wav(Tone(16_000, seconds: 20), 16_000)));

        var exitCode = await _agent.RunAsync(arguments with { Player = arguments.Player with { Speed = 1 } }, stopping.Token);

        exitCode.ShouldBe(0, _agent.Errors.ToString());
        var utterance = server.Received.ShouldHaveSingleItem();
        utterance.End.Reason.ShouldBe(UtteranceEnd.Types.Reason.Stopped);
        utterance.Pcm.Length.ShouldBeInRange(1000, 10 * 32_000);
    }

    [Fact]
    public async Task Server_CertificateOfItsOwn_NeedsTheCaFile()
    {
        using var certificate = Certificate();
        await using var server = await IngestServer.StartAsync(certificate: certificate);
        var arguments = _agent.Arguments(server.Address, Sample);

        var untrusted = await _agent.RunAsync(arguments with { Linger = TimeSpan.FromSeconds(1), StopTimeout = TimeSpan.Zero });
        var authority = _agent.Write("ca.pem", Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()));
        var trusted = await _agent.RunAsync(arguments with { CaFile = authority });

        untrusted.ShouldBe(3);
        _agent.Errors.ToString().ShouldContain("--ca-file");
        trusted.ShouldBe(0, _agent.Errors.ToString());
        server.Received.Count.ShouldBe(2); // the first one, too: it waited in the spool
    }

    [Fact]
    public async Task Server_PlaintextToAnotherMachine_IsRefusedWithTheRemedy()
    {
        (await _agent.RunAsync(_agent.Arguments("http://192.0.2.1:5100", Sample))).ShouldBe(1);

        _agent.Errors.ToString().ShouldContain("--private-network");
    }

    public void Dispose() => _agent.Dispose();

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=fleet-test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(
            certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static short[] Tone(int sampleRateHz, int seconds) =>
        [.. Enumerable.Range(0, sampleRateHz * seconds).Select(i => (short)(8000 * Math.Sin(i * 2 * Math.PI * 440 / sampleRateHz)))];

    private static byte[] Wav(short[] samples, int sampleRateHz, int channels = 1)
    {
        var wav = new byte[44 + (samples.Length * sizeof(short))];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(22), (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), sampleRateHz);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), sampleRateHz * channels * sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(32), (short)(channels * sizeof(short)));
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(34), 16);
        "data"u8.CopyTo(wav.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), samples.Length * sizeof(short));
        MemoryMarshal.AsBytes<short>(samples).CopyTo(wav.AsSpan(44));
        return wav;
    }
}
