using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.Supervision;

namespace Fleet.UnitTests.Cli.Local.Supervision;

/// <summary>A part whose process is `sleep`, started and stopped for real, with a say in when it answers.</summary>
internal sealed class FakePart(string name, List<string> diary, params string[] after) : IPart, IAsyncDisposable
{
    public string Name => name;

    public IReadOnlyList<string> After => after;

    public bool MayFinish { get; init; }

    public ChildProcess? Process { get; private set; }

    public string LogFile => "/dev/null";

    /// <summary>What <see cref="StartAsync"/> waits for after the process is there.</summary>
    public Func<CancellationToken, Task> Answers { get; set; } = _ => Task.CompletedTask;

    public string[] Command { get; set; } = ["sleep", "60"];

    public async Task StartAsync(Action onStarted, CancellationToken cancellationToken)
    {
        Note("start");
        Process = ChildProcess.Start(new ChildProcessOptions { FileName = Command[0], Arguments = Command[1..] });
        onStarted();
        await Answers(cancellationToken);
        Note("ready");
    }

    public async Task<bool> StopAsync(CancellationToken hurry)
    {
        Note("stop");
        return Process is null || await Process.StopAsync(UnixSignal.Terminate, TimeSpan.FromSeconds(5), hurry);
    }

    public async ValueTask DisposeAsync()
    {
        if (Process is not null)
        {
            await Process.DisposeAsync();
        }
    }

    private void Note(string what)
    {
        lock (diary)
        {
            diary.Add($"{what} {name}");
        }
    }
}
