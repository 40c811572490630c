using System.CommandLine;
using Fleet.DeviceAgent.Configuration;
using Fleet.DeviceAgent.Mute;

namespace Fleet.DeviceAgent.CommandLine;

/// <summary><c>device-agent mute on|off|status</c>: what a person, a button or a script says to the agent that runs.</summary>
internal static class MuteCommand
{
    public static Command Create(string defaultStateFolder)
    {
        Argument<string> wish = new Argument<string>("on|off|status") { Description = "on: nothing is listened to, recorded or sent, also after a restart, until off." }
            .AcceptOnlyFromAmong("on", "off", "status");
        Option<string> folder = new("--state-dir")
        {
            Description = "The state folder of the agent.", HelpName = "FOLDER", DefaultValueFactory = _ => defaultStateFolder,
        };
        Command command = new("mute", "Mute the microphone of the agent that uses this state folder; it need not run.") { wish, folder };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(wish), parsed.GetRequiredValue(folder), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private static async Task<int> RunAsync(string wish, string folder, TextWriter output, TextWriter errors)
    {
        try
        {
            if (!Directory.Exists(folder))
            {
                await errors.WriteLineAsync($"There is no state folder '{folder}'. Give --state-dir as the agent has it.");
                return ExitCodes.BadArguments;
            }

            if (wish != "status")
            {
                MuteSwitch.Set(folder, wish == "on");
            }

            await output.WriteLineAsync(MuteSwitch.IsSet(folder) ? "muted" : "not muted");
            return ExitCodes.Done;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"{ex.Message} Run it as the agent's user, or as root.");
            return ExitCodes.BadArguments;
        }
    }
}
