using Fleet.Cli.Local.Supervision;

namespace Fleet.UnitTests.Cli.Local.Supervision;

/// <summary>Remembers what a supervisor told, and lets a test wait for it.</summary>
internal sealed class RecordedEvents : ISupervisorEvents
{
    private readonly Lock _lock = new();
    private readonly List<string> _told = [];
    private readonly List<(string Text, TaskCompletionSource Told)> _waiting = [];

    public IReadOnlyList<string> Told
    {
        get
        {
            lock (_lock)
            {
                return [.. _told];
            }
        }
    }

    /// <summary>Ends once <paramref name="text"/> has been told.</summary>
    public Task WhenAsync(string text)
    {
        lock (_lock)
        {
            if (_told.Contains(text))
            {
                return Task.CompletedTask;
            }

            var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((text, told));
            return told.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    public void Forget()
    {
        lock (_lock)
        {
            _told.Clear();
        }
    }

    public void Starting(IPart part) => Tell($"starting {part.Name}");

    public void Started(IPart part) => Tell($"started {part.Name}");

    public void Ready(IPart part, TimeSpan after) => Tell($"ready {part.Name}");

    public void Died(IPart part, int exitCode, TimeSpan nextStartIn) => Tell($"died {part.Name} {exitCode} {nextStartIn.TotalSeconds:0}");

    public void RestartFailed(IPart part, string reason, TimeSpan nextStartIn) => Tell($"restart failed {part.Name} {nextStartIn.TotalSeconds:0}");

    public void Finished(IPart part) => Tell($"finished {part.Name}");

    public void Stopping(IPart part) => Tell($"stopping {part.Name}");

    public void Stopped(IPart part, bool byItself, TimeSpan after) => Tell($"stopped {part.Name} {byItself}");

    private void Tell(string text)
    {
        lock (_lock)
        {
            _told.Add(text);
            foreach (var waiting in _waiting.Where(waiting => waiting.Text == text).ToArray())
            {
                waiting.Told.TrySetResult();
                _waiting.Remove(waiting);
            }
        }
    }
}
