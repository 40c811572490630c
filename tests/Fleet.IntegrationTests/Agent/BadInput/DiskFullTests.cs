using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Fleet.Audio;
using Fleet.DeviceAgent.Configuration;
using Fleet.Testing;
using Fleet.V1;

namespace Fleet.IntegrationTests.Agent.BadInput;

/// <summary>The disk of an agent that takes no more: what cannot be kept is told and counted, the rest goes on, and what waits is still sent.</summary>
public sealed class DiskFullTests : IDisposable
{
    private readonly AgentFixture _agent = new();

    // 3 s and 98 kB.
    private static string Sample => Path.Combine(RepositoryPaths.Samples, "message-forwarded.wav");

    public void Dispose() => _agent.Dispose();

    [SmallDiskFact]
    public async Task Disk_FullFromTheStart_IsSaidOnceAndTheAgentStaysConnected()
    {
        using var disk = SmallDisk.Mount();
        await using var server = await IngestServer.StartAsync();
        (await RunAsync(disk, server.Address)).ShouldBe(0, _agent.Errors.ToString());
        disk.Fill();
        var folder = _agent.WriteFolder([.. Enumerable.Range(0, 3).Select(i => ($"{i}.wav", File.ReadAllBytes(Sample)))]);

        (await RunAsync(disk, server.Address, folder)).ShouldBe(ExitCodes.NotStored);

        var lines = _agent.Errors.ToString().Split(Environment.NewLine);
        lines.Where(line => line.Contains("cannot be written to", StringComparison.Ordinal)).ShouldHaveSingleItem()
            .ShouldMatch("No space left on device.*is lost; the agent goes on listening. Free some space or mend the disk");
        lines.ShouldNotContain(line => line.Contains("unexpected", StringComparison.Ordinal));
        server.Received.ShouldHaveSingleItem();
        disk.Free();

        (await RunAsync(disk, server.Address)).ShouldBe(0, _agent.Errors.ToString());

        // What the disk did not take had a number each, and is on record with it.
        server.Received.Select(utterance => utterance.Start.SequenceNumber).ShouldBe([1UL, 5UL]);
        server.Violations.ShouldBeEmpty();
    }

    [SmallDiskFact]
    public async Task Disk_FullInTheMiddleOfAnUtterance_WhatIsOnItIsSentAlsoAfterARestart()
    {
        using var disk = SmallDisk.Mount();
        Directory.CreateDirectory(Path.Combine(disk.Path, "state"));
        disk.Fill(butBytes: 48 * 1024);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var nobody = $"http://{listener.LocalEndpoint}";
        listener.Stop();
        (await RunAsync(disk, nobody)).ShouldBe(ExitCodes.NotStored);
        _agent.Errors.ToString().ShouldContain("ends early: the disk of");

        // Still full: to send it is what makes room.
        disk.Fill();
        await using var server = await IngestServer.StartAsync();
        await RunAsync(disk, server.Address);

        var sent = server.Received.ShouldNotBeNull().First();
        _agent.Errors.ToString().ShouldContain("The server's time cannot be kept on disk (No space left on device");
        _agent.Errors.ToString().ShouldNotContain("unexpected");
        sent.Start.SequenceNumber.ShouldBe(1UL);
        sent.End.Reason.ShouldBe(UtteranceEnd.Types.Reason.Truncated);
        sent.Pcm.Length.ShouldBeInRange(16_000, 48 * 1024);
        MemoryMarshal.AsBytes(WavReader.ReadFile(Sample).Samples.Span).StartsWith(sent.Pcm).ShouldBeTrue();
        Directory.Exists(Path.Combine(disk.Path, "state", "quarantine")).ShouldBeFalse();
        server.Violations.ShouldBeEmpty();
    }

    [SmallDiskFact]
    public async Task StateFolder_ReadOnly_IsSaidAtTheStart()
    {
        using var disk = SmallDisk.Mount();
        disk.Remount("ro");
        await using var server = await IngestServer.StartAsync();

        (await RunAsync(disk, server.Address)).ShouldBe(ExitCodes.BadArguments);

        _agent.Errors.ToString().ShouldMatch("Cannot hold the state folder '.*' \\(Read-only file system.*\\)");
    }

    private Task<int> RunAsync(SmallDisk disk, string server, string? play = null) => _agent.RunAsync(_agent.Arguments(server, play ?? Sample) with
    {
        StateFolder = Path.Combine(disk.Path, "state"),
        Linger = TimeSpan.FromSeconds(2),
        StopTimeout = TimeSpan.FromSeconds(1),
    });
}
