using System.Text.Json;

namespace Fleet.DeviceAgent.Diagnosis;

/// <summary>Prints results as they come: a line for people, or a JSON object a line for programs.</summary>
internal sealed class CheckReport(TextWriter output, bool json)
{
    private const int NameColumn = 10;

    private static readonly JsonSerializerOptions _jsonOptions = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly List<CheckResult> _results = [];

    /// <summary>Nothing found that stops the agent.</summary>
    public bool IsFine => _results.TrueForAll(result => result.Verdict != Verdict.No);

    public async Task AddAsync(CheckResult result)
    {
        _results.Add(result);
        await output.WriteLineAsync(json
            ? JsonSerializer.Serialize(new { Check = result.Name, Verdict = Word(result.Verdict), result.Detail, result.Mend }, _jsonOptions)
            : $"{Mark(result.Verdict)} {result.Name.PadRight(NameColumn)} {Sentence(result)}");
        await output.FlushAsync();
    }

    public async Task EndAsync()
    {
        if (json)
        {
            return;
        }

        var stopping = _results.Count(result => result.Verdict == Verdict.No);
        var warnings = _results.Count(result => result.Verdict == Verdict.Warning);
        await output.WriteLineAsync((stopping, warnings) switch
        {
            (0, 0) => "All is well.",
            (0, _) => $"The agent works; {warnings} of {_results.Count} lines want a look (!!).",
            _ => $"The agent does not work as it is: mend what says no ({stopping}).",
        });
    }

    private static string Sentence(CheckResult result) =>
        result.Mend.Length == 0 ? result.Detail : $"{result.Detail.TrimEnd('.')}: {result.Mend}";

    private static string Mark(Verdict verdict) => verdict switch
    {
        Verdict.Ok => "ok",
        Verdict.Warning => "!!",
        _ => "no",
    };

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Ok => "ok",
        Verdict.Warning => "warning",
        _ => "no",
    };
}
