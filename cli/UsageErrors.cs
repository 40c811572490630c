using System.CommandLine;
using System.CommandLine.Parsing;
using Fleet.Contracts.CommandLine;

namespace Fleet.Cli;

/// <summary>A wrong command line, on stderr.</summary>
internal static class UsageErrors
{
    /// <summary>Commands that take any words would take a mistyped option for two of them, and find nothing.</summary>
    public static bool HasUnknownOptions(ParseResult parsed) => UnknownOptions(parsed).Any();

    /// <returns>The exit code.</returns>
    public static int Tell(ParseResult parsed, TextWriter errors)
    {
        var command = parsed.CommandResult.Command;
        var unknown = UnknownOptions(parsed).ToList();
        var sentences = UsageMistakes.Tell(
            [.. parsed.Errors.Select(error => error.Message), .. unknown.Select(word => $"Unrecognized option '{word}'; for a word that begins with dashes put -- before it.")],
            [.. parsed.UnmatchedTokens, .. unknown],
            command.Options.Select(option => option.Name),
            command.Subcommands.Select(subcommand => subcommand.Name),
            Path(command));
        foreach (var sentence in sentences)
        {
            errors.WriteLine(sentence);
        }

        return 1;
    }

    private static IEnumerable<string> UnknownOptions(ParseResult parsed) => parsed.Tokens
        .TakeWhile(static token => token.Type != TokenType.DoubleDash)
        .Where(static token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))
        .Select(static token => token.Value)
        .Except(parsed.UnmatchedTokens);

    private static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Path(parent)} {command.Name}" : "fleet-cli";
}
