namespace Fleet.Contracts.CommandLine;

/// <summary>A wrong command line in sentences: what is wrong, the nearest right word, and where all of them are.</summary>
public static class UsageMistakes
{
    /// <param name="errors">What the parser says.</param>
    /// <param name="unknownWords">Words that it could not place.</param>
    /// <param name="options">Names of the command's options, with their dashes.</param>
    /// <param name="subcommands">Names of the commands below it.</param>
    /// <param name="command">The command as it is typed, such as "fleet-cli local up".</param>
    public static IEnumerable<string> Tell(
        IEnumerable<string> errors, IEnumerable<string> unknownWords, IEnumerable<string> options, IEnumerable<string> subcommands, string command)
    {
        ArgumentNullException.ThrowIfNull(unknownWords);
        var nearest = unknownWords
            .Select(word => OptionKeys.Nearest(word, word.StartsWith('-') ? options : subcommands))
            .OfType<string>();
        return [.. errors, .. nearest.Select(word => $"Did you mean {word}?"), $"All options: {command} --help"];
    }
}
