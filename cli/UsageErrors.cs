using System.CommandLine;
using Fleet.Contracts.CommandLine;

namespace Fleet.Cli;

/// <summary>A wrong command line, in sentences on stderr: what is wrong, the nearest right word, and where all of them are.</summary>
internal static class UsageErrors
{
    /// <returns>The exit code.</returns>
    public static int Tell(ParseResult parsed, TextWriter errors)
    {
        foreach (var error in parsed.Errors)
        {
            errors.WriteLine(error.Message);
        }

        var command = parsed.CommandResult.Command;
        foreach (var word in parsed.UnmatchedTokens)
        {
            var candidates = word.StartsWith('-') ? command.Options.Select(option => option.Name) : command.Subcommands.Select(sub => sub.Name);
            if (OptionKeys.Nearest(word, candidates) is { } nearest)
            {
                errors.WriteLine($"Did you mean {nearest}?");
            }
        }

        errors.WriteLine($"All options: {Path(command)} --help");
        return 1;
    }

    private static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Path(parent)} {command.Name}" : "fleet-cli";
}
