using System.Diagnostics;
using System.Threading.Channels;
using Fleet.DeviceAgent.Logging;

namespace Fleet.DeviceAgent.Hooks;

/// <summary>
/// Runs the owner's commands for one device, one after the other in the order of the events, beside the sound and the uplink, which never wait for them.
/// A command that hangs is killed; when they are too slow, the oldest events go. Thread safe.
/// </summary>
internal sealed partial class DeviceHooks : IAsyncDisposable
{
    private const int MaxWaiting = 32;
    private const string Shell = "/bin/sh";

    private readonly string _deviceId;
    private readonly HookOptions _options;
    private readonly LogGate _gate;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<HookCall> _calls;
    private readonly Task _worker;

    public DeviceHooks(string deviceId, HookOptions options, LogGate gate, TimeProvider time, ILogger logger)
    {
        (_deviceId, _options, _gate, _time, _logger) = (deviceId, options, gate, time, logger);
        _calls = Channel.CreateBounded<HookCall>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, OnDropped);
        _worker = options.Commands.Count == 0 ? Task.CompletedTask : Task.Run(WorkAsync);
    }

    /// <summary>Never waits and never throws.</summary>
    public void Raise(HookCall call)
    {
        if (_options.Commands.ContainsKey(call.Event))
        {
            _calls.Writer.TryWrite(call);
        }
    }

    /// <summary>Ends when what was raised is done; each command has its time-out.</summary>
    public async ValueTask DisposeAsync()
    {
        _calls.Writer.TryComplete();
        await _worker;
    }

    private async Task WorkAsync()
    {
        await foreach (var call in _calls.Reader.ReadAllAsync())
        {
            try
            {
                await RunAsync(call, _options.Commands[call.Event]);
            }
            catch (Exception ex) when (ex is IOException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                LogFailed(Name(call.Event), ex.Message);
            }
        }
    }

    private async Task RunAsync(HookCall call, string command)
    {
        // Standard output is that of the transcripts; what a command has to complain about goes where the agent's log goes.
        var start = new ProcessStartInfo(Shell, ["-c", command]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in Variables(call))
        {
            start.Environment[name] = value;
        }

        // Not for commands.
        start.Environment.Remove(Uplink.JoinKey.EnvironmentVariable);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{Shell} could not be started");
        using var late = new CancellationTokenSource(_options.Timeout, _time);
        try
        {
            await Task.WhenAll(GiveAsync(process, call.Text, late.Token), process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, late.Token), process.WaitForExitAsync(late.Token));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            LogKilled(Name(call.Event), _options.Timeout.TotalSeconds);
            return;
        }

        if (process.ExitCode != 0 && _gate.TryPass($"hook {call.Event}", out var heldBack))
        {
            LogEnded(Name(call.Event), process.ExitCode, heldBack);
        }
    }

    private static async Task GiveAsync(Process process, string text, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(text.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The command does not read it.
        }
    }

    private IEnumerable<(string Name, string Value)> Variables(HookCall call) =>
    [
        ("FLEET_EVENT", Name(call.Event)), ("FLEET_DEVICE", _deviceId), ("FLEET_UTTERANCE", call.UtteranceId), ("FLEET_KEYWORD", call.Keyword),
        ("FLEET_STATUS", call.Status), ("FLEET_REASON", call.Reason),
    ];

    // As in the option: --on-wake.
    private static string Name(HookEvent hook) => hook == HookEvent.Woken ? "wake" : hook.ToString().ToLowerInvariant();

    private void OnDropped(HookCall call)
    {
        if (_gate.TryPass("hooks-slow", out _))
        {
            LogDropped(Name(call.Event), MaxWaiting);
        }
    }

    [LoggerMessage(620, LogLevel.Warning, "The command of --on-{Event} cannot be run: {Reason}")]
    private partial void LogFailed(string @event, string reason);

    [LoggerMessage(621, LogLevel.Warning, "The command of --on-{Event} ran for longer than {Seconds} s (--hook-timeout) and was killed")]
    private partial void LogKilled(string @event, double seconds);

    [LoggerMessage(622, LogLevel.Warning, "The command of --on-{Event} ended with exit code {ExitCode} ({HeldBack} more like it)")]
    private partial void LogEnded(string @event, int exitCode, int heldBack);

    [LoggerMessage(623, LogLevel.Warning, "The hooks are too slow: one of --on-{Event} was left out, since {Waiting} wait already")]
    private partial void LogDropped(string @event, int waiting);
}
