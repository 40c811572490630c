using System.Globalization;
using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Local.Supervision;

/// <summary>A part that is one program: its output goes to a bounded log, a probe tells when it answers.</summary>
internal sealed class ProgramPart(ProgramPartOptions options, TimeProvider timeProvider) : IPart, IAsyncDisposable
{
    private readonly BoundedLog _log = new(options.LogFile);

    public string Name => options.Name;

    public IReadOnlyList<string> After => options.After;

    public bool MayFinish => options.MayFinish;

    public string LogFile => options.LogFile;

    public ChildProcess? Process { get; private set; }

    public async Task StartAsync(Action onStarted, CancellationToken cancellationToken)
    {
        if (Process is not null)
        {
            await Process.DisposeAsync();
        }

        ChildProcess process;
        try
        {
            process = ChildProcess.Start(options.Command with { OnLine = OnLine });
        }
        catch (System.ComponentModel.Win32Exception ex)
        {
            throw new PartStartException(Name, $"{options.Command.FileName} cannot be started: {ex.Message}");
        }

        Process = process;
        onStarted();
        await WaitUntilReadyAsync(process, cancellationToken);
    }

    public async Task<bool> StopAsync(CancellationToken hurry) =>
        Process is null || await Process.StopAsync(options.StopSignal, options.StopTimeout, hurry);

    public async ValueTask DisposeAsync()
    {
        if (Process is not null)
        {
            await Process.DisposeAsync();
        }

        _log.Dispose();
    }

    private async Task WaitUntilReadyAsync(ChildProcess process, CancellationToken cancellationToken)
    {
        var started = timeProvider.GetTimestamp();
        while (true)
        {
            // Asked before its process is looked at: an answer from another program on our port must not count for a process that has ended.
            var answers = await AnswersAsync(cancellationToken);
            if (process.Exited.IsCompleted)
            {
                var exitCode = await process.Exited;
                if (MayFinish && exitCode == 0)
                {
                    return;
                }

                throw Failure(process, string.Create(CultureInfo.InvariantCulture, $"ended with code {exitCode} before it answered"));
            }

            if (answers)
            {
                return;
            }

            if (timeProvider.GetElapsedTime(started) > options.StartTimeout)
            {
                await process.StopAsync(options.StopSignal, options.StopTimeout, cancellationToken);
                throw Failure(process, string.Create(
                    CultureInfo.InvariantCulture, $"did not answer within {options.StartTimeout.TotalSeconds:0} s and was stopped"));
            }

            await Task.Delay(options.ProbeInterval, timeProvider, cancellationToken);
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await options.Probe(cancellationToken);
        }
        catch (Exception ex) when (!cancellationToken.IsCancellationRequested && ex is not OutOfMemoryException)
        {
            // Connection refused, 503, a broken answer: whatever it is, it is not ready, and the time limit ends the wait.
            return false;
        }
    }

    private PartStartException Failure(ChildProcess process, string what) =>
        new(Name, $"{Name} {what}. Its last lines ({LogFile}):\n{string.Join('\n', process.LastLines.TakeLast(15))}");

    private void OnLine(OutputLine line)
    {
        _log.Write(line.Text);
        options.Command.OnLine?.Invoke(line);
    }
}
