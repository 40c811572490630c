using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;
using Fleet.Cli.Local.Supervision;

namespace Fleet.Cli.Local.Up;

/// <summary>
/// Keeps run.json true: it is written anew whenever a process is started, before it answers, so that a launcher that is killed leaves behind
/// what `down` needs.
/// </summary>
internal sealed class RunRecorder(string file, RunState state, LocalSecrets secrets, IReadOnlyList<IPart> parts)
{
    private readonly Lock _stateLock = new();
    private RunState _state = state;

    public void SetPhase(RunPhase phase, DateTimeOffset? readyAt = null)
    {
        lock (_stateLock)
        {
            _state = _state with { State = phase, ReadyAt = readyAt ?? _state.ReadyAt };
            Save_NeedsLock();
        }
    }

    public void Save()
    {
        lock (_stateLock)
        {
            Save_NeedsLock();
        }
    }

    public void Remove()
    {
        lock (_stateLock)
        {
            File.Delete(file);
        }
    }

    internal static RunProcess DescribeSelf()
    {
        var self = ProcessIdentity.Of(Environment.ProcessId)!; // we are alive
        return new RunProcess("launcher", self.ProcessId, ProcessIdentity.GroupOf(self.ProcessId), self.StartTicks, LogFile: null);
    }

    private static RunProcess Describe(IPart part)
    {
        var identity = part.Process!.Identity; // only parts with a process get here
        return new RunProcess(part.Name, identity.ProcessId, identity.ProcessId, identity.StartTicks, part.LogFile);
    }

    private void Save_NeedsLock()
    {
        _state = _state with
        {
            // `password` may have made a new one while we run.
            SignIn = _state.SignIn with { Password = secrets.DashboardPassword() },
            Processes = [.. parts.Reverse().Where(part => part.Process is { Exited.IsCompleted: false }).Select(Describe)],
        };
        RunFile.Write(file, _state);
    }
}
