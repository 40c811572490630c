using System.CommandLine;
using Fleet.Contracts.CommandLine;

namespace Fleet.DeviceAgent.CommandLine;

/// <summary>A wrong command line, on stderr.</summary>
internal static class UsageErrors
{
    /// <returns>The exit code.</returns>
    public static int Tell(ParseResult parsed, TextWriter errors)
    {
        var command = parsed.CommandResult.Command;
        var sentences = UsageMistakes.Tell(
            parsed.Errors.Select(error => error.Message),
            parsed.UnmatchedTokens,
            command.Options.Select(option => option.Name),
            command.Subcommands.Select(subcommand => subcommand.Name),
            "device-agent");
        foreach (var sentence in sentences)
        {
            errors.WriteLine(sentence);
        }

        return 1;
    }
}
