using Fleet.DeviceAgent.Capture.Live;
using Fleet.DeviceAgent.Configuration;
using Fleet.DeviceAgent.Identity;
using Fleet.DeviceAgent.Keywords;
using Fleet.DeviceAgent.Spool.Encryption;
using Fleet.DeviceAgent.Uplink;
using Fleet.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.DeviceAgent.Diagnosis;

/// <summary><c>device-agent --check</c>: everything that the agent needs, looked at without disturbing one that runs.</summary>
/// <param name="arguments">Those of the agent.</param>
/// <param name="output">Where the lines go.</param>
/// <param name="time">The clock.</param>
/// <param name="isTerminal">A person reads the lines, and can watch one change.</param>
internal sealed class AgentCheck(AgentArguments arguments, TextWriter output, TimeProvider time, bool isTerminal = false)
{
    private static readonly TimeSpan _timeToSpeak = TimeSpan.FromSeconds(20);

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

        using var keywords = arguments.Keyword is { } options ? KeywordModels.Load(options, time, NullLogger.Instance) : null;
        if (keywords is not null)
        {
            await report.AddAsync(KeywordCheck.Run(keywords.Current, arguments.Keyword?.Threshold));
        }

        if (arguments.Capture is { } capture)
        {
            var microphone = await new MicrophoneCheck(capture, running.Runs, time).RunAsync(cancellationToken);
            await report.AddAsync(microphone);
            var live = arguments.CheckLive ?? (isTerminal ? _timeToSpeak : TimeSpan.Zero);
            // One program at a time may record from most devices.
            if (live > TimeSpan.Zero && capture.Input.AlsaDevice is not null && microphone.Verdict != Verdict.No && !running.Runs)
            {
                await report.AddAsync(await ListenAsync(capture, keywords, live, cancellationToken));
            }
        }

        if (arguments.Play is { Length: > 0 } play)
        {
            await report.AddAsync(new RecordingsCheck(play).Run());
        }

        await report.EndAsync();
        return report.IsFine ? ExitCodes.Done : ExitCodes.CheckFailed;
    }

    private async Task<CheckResult> ListenAsync(CaptureOptions capture, KeywordModels? keywords, TimeSpan length, CancellationToken cancellationToken)
    {
        if (!arguments.Json)
        {
            await output.WriteLineAsync(FormattableString.Invariant(
                $"   {length.TotalSeconds:0} s to speak{(keywords is null ? "" : " and to say the keyword")}, from where people will be; Ctrl-C ends it"));
        }

        var check = new LiveCheck(capture, keywords, arguments.Keyword, arguments.SpeechModel, output, time);
        return await check.RunAsync(length, arguments.Json, isTerminal, cancellationToken);
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
