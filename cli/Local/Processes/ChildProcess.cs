using System.Diagnostics;

namespace Fleet.Cli.Local.Processes;

/// <summary>
/// A program in a session and process group of its own (setsid), so that Ctrl-C at our terminal reaches only us and we decide who stops when.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    // A grandchild may keep the pipe open after the child is gone: what it writes later is not waited for.
    private static readonly TimeSpan _drainTime = TimeSpan.FromSeconds(2);
    private const int KeptLines = 40;

    private readonly Process _process;
    private readonly Action<OutputLine>? _onLine;
    private readonly Queue<string> _lastLines = new();
    private readonly Lock _lastLinesLock = new();

    private ChildProcess(Process process, ChildProcessOptions options)
    {
        _process = process;
        _onLine = options.OnLine;
        ProcessId = process.Id;
        // A process that has ended already is a zombie until the runtime reaps it: the fallback only covers that race.
        Identity = ProcessIdentity.Of(process.Id) ?? new ProcessIdentity(process.Id, -1);
        Exited = RunToEndAsync();
    }

    public int ProcessId { get; }

    public ProcessIdentity Identity { get; }

    /// <summary>Ends with the exit code (128 + signal number for a killed process) once the process has ended and its last lines are read.</summary>
    public Task<int> Exited { get; }

    /// <summary>The last lines it wrote: what to show when it failed.</summary>
    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (_lastLinesLock)
            {
                return [.. _lastLines];
            }
        }
    }

    public static ChildProcess Start(ChildProcessOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> command = options.User is { } user
            ? ["setpriv", .. user.SetPrivArguments(), options.FileName, .. options.Arguments]
            : [options.FileName, .. options.Arguments];
        // setsid and setpriv replace themselves by the program: the id we get is the program's.
        var start = new ProcessStartInfo("setsid", command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = options.WorkingDirectory ?? "",
        };
        foreach (var (name, value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        if (options.User is { } account)
        {
            start.Environment["HOME"] = account.Home;
            start.Environment["USER"] = start.Environment["LOGNAME"] = account.Name;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{options.FileName} did not start.");
        process.StandardInput.Close();
        return new ChildProcess(process, options);
    }

    /// <summary>Signals the whole process group. False when it is gone.</summary>
    public bool Signal(UnixSignal signal) =>
        // Right after the start setsid may not have made the group yet: the process itself is there in any case.
        LibC.Kill(-ProcessId, signal) || (!Exited.IsCompleted && LibC.Kill(ProcessId, signal));

    /// <summary>
    /// Asks the process to end and kills its group when it has not after <paramref name="grace"/>. Returns true when it ended by itself.
    /// </summary>
    public async Task<bool> StopAsync(UnixSignal signal, TimeSpan grace, CancellationToken cancellationToken)
    {
        Signal(signal);
        var inTime = true;
        try
        {
            await Exited.WaitAsync(grace, cancellationToken);
        }
        catch (Exception ex) when (ex is TimeoutException or OperationCanceledException)
        {
            inTime = false;
        }

        // Also after a graceful end: helpers that the program has left behind belong to the group.
        LibC.Kill(-ProcessId, UnixSignal.Kill);
        await Exited;
        return inTime;
    }

    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted)
        {
            Signal(UnixSignal.Kill);
            await Exited;
        }

        _process.Dispose();
    }

    private async Task<int> RunToEndAsync()
    {
        var output = Task.WhenAll(ReadAsync(_process.StandardOutput, isError: false), ReadAsync(_process.StandardError, isError: true));
        await _process.WaitForExitAsync();
        await Task.WhenAny(output, Task.Delay(_drainTime, TimeProvider.System, CancellationToken.None));
        return _process.ExitCode;
    }

    private async Task ReadAsync(StreamReader reader, bool isError)
    {
        // Leaves the constructor first: lines may come before the caller has the object.
        await Task.Yield();
        try
        {
            while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
            {
                lock (_lastLinesLock)
                {
                    _lastLines.Enqueue(line);
                    if (_lastLines.Count > KeptLines)
                    {
                        _lastLines.Dequeue();
                    }
                }

                _onLine?.Invoke(new OutputLine(line, isError));
            }
        }
        catch (Exception ex) when (ex is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The pipe was closed under us (Dispose after a kill): there is nothing more to read.
        }
    }
}
