using System.Globalization;
using Fleet.Cli.Local.Processes;

namespace Fleet.Chaos.Parts;

/// <summary>One agent process with its share of the devices, its clock and, for the first one, its small disk.</summary>
internal sealed class AgentPart : IAsyncDisposable
{
    private const string SpoolFiles = "*.utterance";

    private readonly Func<string, IReadOnlyList<string>, ChildProcessOptions> _command;
    private readonly string _clockFile;
    private readonly string _speech;

    /// <param name="index">Counted from 0.</param>
    /// <param name="devices">How many devices it is.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="disk">Holds its state; null: it lies in the run's folder.</param>
    /// <param name="command">Makes the command of an agent from the recordings and further arguments.</param>
    /// <param name="guardian">Ends it with us.</param>
    /// <param name="time">The machine's clock.</param>
    public AgentPart(
        int index,
        int devices,
        WorkFolder folder,
        SmallDisk? disk,
        Func<string, IReadOnlyList<string>, ChildProcessOptions> command,
        Guardian guardian,
        TimeProvider time)
    {
        Prefix = PrefixOf(index);
        Devices = devices;
        State = disk?.Folder ?? Path.Combine(folder.Agents, Prefix);
        _command = command;
        _clockFile = Path.Combine(folder.Clocks, Prefix);
        _speech = Path.Combine(folder.Speech, Prefix);
        StepClock(0);
        Program = new KeptProgram(
            Prefix, () => Command(_speech, ["--loop", "--ledger", folder.Ledgers]), Path.Combine(folder.Logs, Prefix + ".log"), guardian, time);
    }

    /// <summary>Of the ids of its devices.</summary>
    public string Prefix { get; }

    public int Devices { get; }

    public string State { get; }

    public KeptProgram Program { get; }

    public static string PrefixOf(int index) => string.Create(CultureInfo.InvariantCulture, $"agent{index + 1}");

    /// <summary>As it would be started: with these recordings.</summary>
    public ChildProcessOptions Command(string play, IReadOnlyList<string> more)
    {
        var command = _command(play, [
            "--device-id", Prefix, "--simulate", Devices.ToString(CultureInfo.InvariantCulture), "--state-dir", State, .. more]);
        return command with { Environment = new Dictionary<string, string?>(command.Environment) { ["FLEET_TEST_CLOCK"] = _clockFile } };
    }

    /// <summary>The agent's wall clock is from now on so far from the true time.</summary>
    public void StepClock(long offsetMs)
    {
        // Renamed into place: the agent reads all of it or the one before.
        File.WriteAllText(_clockFile + ".new", offsetMs.ToString(CultureInfo.InvariantCulture));
        File.Move(_clockFile + ".new", _clockFile, overwrite: true);
    }

    /// <summary>What is not stored yet, and losses that are not reported yet.</summary>
    public IReadOnlyList<string> Waiting()
    {
        if (!Directory.Exists(State))
        {
            return [];
        }

        var files = new List<string>();
        foreach (var device in Directory.EnumerateDirectories(State))
        {
            foreach (var name in new[] { "spool", "lost" })
            {
                var folder = Path.Combine(device, name);
                if (Directory.Exists(folder))
                {
                    files.AddRange(Directory.EnumerateFiles(folder, name == "spool" ? SpoolFiles : "*"));
                }
            }
        }

        return [.. files.Select(file => Path.GetRelativePath(State, file))];
    }

    public ValueTask DisposeAsync() => Program.DisposeAsync();
}
