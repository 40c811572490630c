using System.Globalization;
using Fleet.Cli.Local.Supervision;
using Fleet.Cli.Local.Terminal;

namespace Fleet.Cli.Local.Up;

/// <summary>Tells the person at the terminal what the supervisor does, and run.json which processes there are.</summary>
internal sealed class UpEvents(Narrator narrator, Action recordProcesses) : ISupervisorEvents
{
    private readonly Lock _pendingLock = new();
    private readonly List<string> _pending = [];

    /// <summary>Called with the names of the parts that are being started, for a spinner.</summary>
    public Action<string>? OnPending { get; set; }

    public void Starting(IPart part) => ChangePending(() => _pending.Add(part.Name));

    public void Started(IPart part) => recordProcesses();

    public void Ready(IPart part, TimeSpan after)
    {
        ChangePending(() => _pending.Remove(part.Name));
        narrator.Good($"{part.Name,-9} answers after {Seconds(after)}");
    }

    public void Died(IPart part, int exitCode, TimeSpan nextStartIn)
    {
        narrator.Warn($"{part.Name} ended unexpectedly ({Ending(exitCode)}); it is started again in {Seconds(nextStartIn)}. Log: {part.LogFile}");
        recordProcesses();
    }

    public void RestartFailed(IPart part, string reason, TimeSpan nextStartIn)
    {
        ChangePending(() => _pending.Remove(part.Name));
        narrator.Warn($"{reason}\n   Next try in {Seconds(nextStartIn)}.");
        recordProcesses();
    }

    public void Finished(IPart part)
    {
        narrator.Say($"{part.Name}: everything was played. The fleet stays up until Ctrl-C.");
        recordProcesses();
    }

    public void Stopping(IPart part) => narrator.Step($"stopping {part.Name}");

    public void Stopped(IPart part, bool byItself, TimeSpan after)
    {
        if (byItself)
        {
            narrator.Good($"{part.Name} stopped after {Seconds(after)}");
        }
        else
        {
            narrator.Warn($"{part.Name} did not end within {Seconds(after)} and was killed");
        }

        recordProcesses();
    }

    internal static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    private static string Ending(int exitCode)
    {
        const int SignalBase = 128;
        return exitCode > SignalBase
            ? string.Create(CultureInfo.InvariantCulture, $"killed by signal {exitCode - SignalBase}")
            : string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}");
    }

    private void ChangePending(Action change)
    {
        string text;
        lock (_pendingLock)
        {
            change();
            text = string.Join(", ", _pending);
        }

        OnPending?.Invoke(text);
    }
}
