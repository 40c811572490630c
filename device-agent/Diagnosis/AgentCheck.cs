using Fleet.DeviceAgent.Configuration;
using Fleet.DeviceAgent.Identity;
using Fleet.DeviceAgent.Spool.Encryption;
using Fleet.DeviceAgent.Uplink;
using Fleet.V1;

namespace Fleet.DeviceAgent.Diagnosis;

/// <summary><c>device-agent --check</c>: everything that the agent needs, looked at without disturbing one that runs.</summary>
internal sealed class AgentCheck(AgentArguments arguments, TextWriter output, TimeProvider time)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var report = new CheckReport(output, arguments.Json);
        var deviceId = arguments.DeviceIds()[0];
        var folder = arguments.FolderOf(deviceId);

        Guid? install = null;
        CheckResult? damaged = null;
        try
        {
            install = Install.Peek(folder);
        }
        catch (Exception ex) when (ex is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            damaged = CheckResult.No(CloudCheck.Identity, ex.Message, "see above, or run the check as the agent's user");
        }

        await CheckCloudAsync(report, deviceId, install, cancellationToken);
        if (damaged is not null)
        {
            await report.AddAsync(damaged);
        }

        await report.AddAsync(new DiskCheck(arguments.StateFolder, Math.Max(1, arguments.Simulate), arguments.Spool, time).Run());
        if (new SpoolKeyCheck(folder, arguments.Spool, MachineSerial.Read()).Run() is { } spoolKey)
        {
            await report.AddAsync(spoolKey);
        }

        var running = new RunningAgentCheck(folder);
        await report.AddAsync(running.Run());
        if (arguments.Trigger != Trigger.Button)
        {
            await report.AddAsync(new VadCheck(time, arguments.SpeechModel).Run());
        }

        if (arguments.Capture is { } capture)
        {
            await report.AddAsync(await new MicrophoneCheck(capture, running.Runs, time).RunAsync(cancellationToken));
        }

        if (arguments.Play is { Length: > 0 } play)
        {
            await report.AddAsync(new RecordingsCheck(play).Run());
        }

        await report.EndAsync();
        return report.IsFine ? ExitCodes.Done : ExitCodes.CheckFailed;
    }

    private async Task CheckCloudAsync(CheckReport report, string deviceId, Guid? install, CancellationToken cancellationToken)
    {
        if (!ServerList.TryCreate(arguments.Server, arguments.CaFile, arguments.PrivateNetwork, out var list, out var problem))
        {
            await report.AddAsync(CheckResult.No(ServerCheck.Name, problem, "mend the option"));
            return;
        }

        foreach (var server in list.Servers)
        {
            await CheckCloudAsync(server, report, deviceId, install, cancellationToken);
        }
    }

    private async Task CheckCloudAsync(ServerAddress server, CheckReport report, string deviceId, Guid? install, CancellationToken cancellationToken)
    {
        var reached = await new ServerCheck(server, time).RunAsync(cancellationToken);
        await report.AddAsync(reached);
        var keyFile = new KeyFileCheck(arguments.KeyFile, arguments.Key).Run();
        await report.AddAsync(keyFile);
        if (reached.Verdict == Verdict.No || keyFile.Verdict == Verdict.No)
        {
            // What comes next would only say the same again.
            return;
        }

        var key = new JoinKey(arguments.KeyFile, arguments.Key);
        foreach (var result in await new CloudCheck(server, key, deviceId, install, arguments.Endpointer.MaxUtterance, time).RunAsync(cancellationToken))
        {
            await report.AddAsync(result);
        }
    }
}
