using System.Globalization;

namespace Fleet.Benchmarks;

/// <summary>Command line of a benchmark: names with values, and flags.</summary>
internal sealed class Arguments
{
    private readonly ILookup<string, string> _values;

    private Arguments(ILookup<string, string> values) => _values = values;

    public static Arguments Parse(string[] args)
    {
        var pairs = new List<(string Name, string Value)>();
        for (var i = 0; i < args.Length; i++)
        {
            var hasValue = i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal);
            pairs.Add((args[i], hasValue ? args[++i] : string.Empty));
        }

        return new Arguments(pairs.ToLookup(static pair => pair.Name, static pair => pair.Value, StringComparer.Ordinal));
    }

    public bool Has(string name) => _values.Contains(name);

    public IReadOnlyList<string> All(string name) => [.. _values[name]];

    public string? Text(string name) => _values[name].LastOrDefault();

    public string Required(string name) => Text(name) ?? throw new UsageException($"{name} is missing.");

    public double? Number(string name) => Text(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    public TimeSpan? Milliseconds(string name) => Number(name) is { } value ? TimeSpan.FromMilliseconds(value) : null;
}
