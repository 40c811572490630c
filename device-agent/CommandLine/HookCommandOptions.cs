using System.CommandLine;
using Fleet.DeviceAgent.Hooks;

namespace Fleet.DeviceAgent.CommandLine;

/// <summary>The options for commands of the owner's: <c>--on-…</c>.</summary>
internal sealed class HookCommandOptions
{
    private readonly Dictionary<HookEvent, Option<string?>> _commands = new()
    {
        [HookEvent.Woken] = Command("--on-wake", "Run this by the shell when the keyword was heard (FLEET_KEYWORD): a chime, a light."),
        [HookEvent.Recording] = Command("--on-recording", "Run this when something is being recorded, so that people know (FLEET_UTTERANCE)."),
        [HookEvent.Recorded] = Command("--on-recorded", "Run this when it is not recorded any more."),
        [HookEvent.Stored] = Command("--on-stored", "Run this when the cloud has stored an utterance."),
        [HookEvent.Transcript] = Command("--on-transcript", "Run this when a transcript has come: its text on standard input, FLEET_STATUS beside it."),
        [HookEvent.Error] = Command("--on-error", "Run this when something is wrong that was not before (FLEET_REASON, such as microphone-missing)."),
    };

    private readonly Option<double> _timeout = OptionParsing.Ranged<double>(
        "--hook-timeout", "SECONDS", 10, 1, 300, "A command of --on-… that runs for longer is killed. They run one after the other; sound and uplink do not wait.");

    public void AddTo(Command command)
    {
        foreach (var option in _commands.Values)
        {
            command.Add(option);
        }

        command.Add(_timeout);
    }

    public HookOptions Read(ParseResult parsed) => new()
    {
        Commands = _commands.Select(pair => (pair.Key, Text: parsed.GetValue(pair.Value))).Where(pair => !string.IsNullOrWhiteSpace(pair.Text))
            .ToDictionary(pair => pair.Key, pair => pair.Text!),
        Timeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)),
    };

    private static Option<string?> Command(string name, string description) => new(name) { Description = description, HelpName = "COMMAND" };
}
