using System.Globalization;
using System.Runtime.CompilerServices;
using Fleet.Cli.Local.Processes;

namespace Fleet.Testing;

/// <summary>One of our programs as a real process; its lines are kept and can be waited for, always with a deadline.</summary>
public sealed class TestProgram : IAsyncDisposable
{
    private static readonly TimeSpan _defaultDeadline = TimeSpan.FromSeconds(30);

    private readonly Lock _linesLock = new();
    private readonly List<string> _lines = [];
    private readonly List<Waiter> _waiters = [];
    private readonly string _name;

    private TestProgram(string name, ChildProcessOptions options)
    {
        _name = name;
        Process = ChildProcess.Start(options with { OnLine = OnLine });
    }

    public ChildProcess Process { get; }

    /// <summary>Everything it wrote to stdout and stderr so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_linesLock)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Starts the built program of one of our projects, for example `Fleet.Silo`.</summary>
    public static TestProgram Start(
        string project, IReadOnlyList<string>? arguments = null, IReadOnlyDictionary<string, string?>? environment = null, string? workingDirectory = null) =>
        StartCommand("dotnet", [RepositoryPaths.Program(project), .. arguments ?? []], environment, workingDirectory);

    /// <summary>Starts any program: node peers, scripts.</summary>
    public static TestProgram StartCommand(
        string fileName, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? workingDirectory = null) =>
        new(Path.GetFileNameWithoutExtension(arguments.Count > 0 ? arguments[0] : fileName), new ChildProcessOptions
        {
            FileName = fileName,
            Arguments = arguments,
            Environment = environment ?? new Dictionary<string, string?>(),
            WorkingDirectory = workingDirectory,
        });

    /// <summary>The first line, past or future, that matches.</summary>
    /// <exception cref="TimeoutException">Says what was missing and shows what was written instead.</exception>
    public async Task<string> WaitForLineAsync(
        Func<string, bool> matches, TimeSpan? deadline = null, [CallerArgumentExpression(nameof(matches))] string what = "")
    {
        ArgumentNullException.ThrowIfNull(matches);
        Waiter waiter;
        lock (_linesLock)
        {
            if (_lines.FirstOrDefault(matches) is { } seen)
            {
                return seen;
            }

            waiter = new Waiter(matches, new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
            _waiters.Add(waiter);
        }

        var limit = deadline ?? _defaultDeadline;
        using var timeout = new CancellationTokenSource(limit);
        var first = await Task.WhenAny(waiter.Found.Task, Process.Exited, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, timeout.Token));
        if (first == waiter.Found.Task || waiter.Found.Task.IsCompleted)
        {
            return await waiter.Found.Task;
        }

        var exitCode = first == Process.Exited ? await Process.Exited : (int?)null;
        var ending = exitCode is not null
            ? string.Create(CultureInfo.InvariantCulture, $"ended with {exitCode}")
            : string.Create(CultureInfo.InvariantCulture, $"wrote none within {limit.TotalSeconds:0.#} s");
        throw new TimeoutException($"No line with {what}: {_name} {ending}. It wrote:\n{string.Join('\n', Lines)}");
    }

    /// <summary>The first line that contains <paramref name="text"/>.</summary>
    public Task<string> WaitForLineAsync(string text, TimeSpan? deadline = null) =>
        WaitForLineAsync(line => line.Contains(text, StringComparison.Ordinal), deadline, $"'{text}'");

    /// <summary>Waits for the end and returns the exit code.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan? deadline = null)
    {
        try
        {
            return await Process.Exited.WaitAsync(deadline ?? _defaultDeadline);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{_name} did not end. It wrote:\n{string.Join('\n', Lines)}");
        }
    }

    /// <summary>SIGTERM; returns the exit code, or throws when the program does not end in time.</summary>
    public Task<int> StopAsync(TimeSpan? deadline = null)
    {
        Process.Signal(UnixSignal.Terminate);
        return WaitForExitAsync(deadline);
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private void OnLine(OutputLine line)
    {
        lock (_linesLock)
        {
            _lines.Add(line.Text);
            for (var i = _waiters.Count - 1; i >= 0; i--)
            {
                if (_waiters[i].Matches(line.Text))
                {
                    _waiters[i].Found.TrySetResult(line.Text);
                    _waiters.RemoveAt(i);
                }
            }
        }
    }

    private sealed record Waiter(Func<string, bool> Matches, TaskCompletionSource<string> Found);
}
