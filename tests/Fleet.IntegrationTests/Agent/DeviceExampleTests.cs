using System.Runtime.InteropServices;
using Fleet.Audio;
using Fleet.DeviceAgent.Spool;
using Fleet.Testing;

namespace Fleet.IntegrationTests.Agent;

/// <summary>docs/examples/device.cjs: a device that somebody else wrote from the protocol's page.</summary>
public sealed class DeviceExampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-example-").FullName;

    private static string Sample => Path.Combine(RepositoryPaths.Samples, "message-forwarded.wav");

    [Fact]
    public async Task Example_LinkBreaksInTheMiddle_SendsWhatIsMissingAndPrintsTheTranscript()
    {
        var samples = WavReader.ReadFile(Sample).Samples;
        await using var server = await IngestServer.StartAsync(cutAfterBytes: samples.Length);

        await using var node = Start(server);
        (await node.WaitForExitAsync(TimeSpan.FromSeconds(60))).ShouldBe(0, string.Join('\n', node.Lines));

        var utterance = server.Received.ShouldHaveSingleItem();
        utterance.Start.ResumeFromBytes.ShouldBeGreaterThan(0UL);
        utterance.Pcm.AsSpan().SequenceEqual(MemoryMarshal.AsBytes(samples.Span)).ShouldBeTrue();
        utterance.End.Crc32C.ShouldBe(Crc32C.Of(utterance.Pcm));
        server.AudioBytes.ShouldBe(utterance.Pcm.Length);
        server.Violations.ShouldBeEmpty();
        node.Lines.ShouldContain($"heard {utterance.Start.UtteranceId}");

        // The same recording again is another utterance, with the next number.
        await using var again = Start(server);
        (await again.WaitForExitAsync(TimeSpan.FromSeconds(60))).ShouldBe(0, string.Join('\n', again.Lines));
        server.Received.Select(received => received.Start.SequenceNumber).ShouldBe([1UL, 2UL]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private TestProgram Start(IngestServer server) => TestProgram.StartCommand(
        "node",
        [
            Path.Combine(RepositoryPaths.Root, "docs", "examples", "device.cjs"), new Uri(server.Address).Authority, RepositoryPaths.Protos, Sample,
            Path.Combine(_folder, "device.json"),
        ],
        new Dictionary<string, string?> { ["NODE_PATH"] = RepositoryPaths.NodeModules, ["FLEET_JOIN_KEY"] = IngestServer.Key });
}
