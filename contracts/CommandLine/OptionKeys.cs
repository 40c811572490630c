using System.Reflection;

namespace Fleet.Contracts.CommandLine;

/// <summary>The configuration keys of a program, and what is wrong with arguments that are none of them: .NET would ignore those in silence.</summary>
public static class OptionKeys
{
    // Of .NET's own host.
    private static readonly string[] _hostKeys = ["Logging:", "environment", "contentRoot", "applicationName", "urls", "AllowedHosts"];

    /// <summary>The keys of one class of options, such as <c>Fleet:Grpc:Listen</c>.</summary>
    public static IEnumerable<string> Of(string section, Type options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.CanWrite).Select(property => $"{section}:{property.Name}");
    }

    /// <summary>Null when every argument is a key with a value, else the sentence for the one who typed it.</summary>
    /// <param name="arguments">As the program got them.</param>
    /// <param name="known">The program's keys.</param>
    /// <param name="program">Its name.</param>
    public static string? Fault(IReadOnlyList<string> arguments, IReadOnlyCollection<string> known, string program)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(known);
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                return $"'{argument}' is not an option of {program}: give --KEY=VALUE. All keys: {program} --help";
            }

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var key = argument[2..(equals < 0 ? argument.Length : equals)];
            if (!IsKnown(key, known))
            {
                var nearest = Nearest(key, known);
                return $"--{key} is not an option of {program}{(nearest is null ? "." : $"; did you mean --{nearest}?")} All keys: {program} --help";
            }

            if (equals < 0 && ++i == arguments.Count)
            {
                return $"--{key} has no value: give --{key}=VALUE. All keys: {program} --help";
            }
        }

        return null;
    }

    /// <summary>The word that is the fewest changes of a letter away; null when none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(word);
        var nearest = words.Select(candidate => (Word: candidate, Distance: Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Word, StringComparer.Ordinal).FirstOrDefault();
        return nearest.Word is not null && nearest.Distance <= Math.Max(2, word.Length / 3) ? nearest.Word : null;
    }

    private static bool IsKnown(string key, IReadOnlyCollection<string> known) =>
        known.Contains(key, StringComparer.OrdinalIgnoreCase)
        || _hostKeys.Any(host => host.EndsWith(':') ? key.StartsWith(host, StringComparison.OrdinalIgnoreCase) : key.Equals(host, StringComparison.OrdinalIgnoreCase));

    /// <summary>Levenshtein's.</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (from[i - 1] == to[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[to.Length];
    }
}
