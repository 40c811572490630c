using System.CommandLine;
using Fleet.V1;

namespace Fleet.Cli.History;

/// <summary>Which utterances: what `history` and `retranscribe` have in common.</summary>
internal sealed class HistoryFilterOptions
{
    private readonly Option<string[]> _devices = new("--device")
    {
        Description = "Only of this device; may be given often",
        HelpName = "ID",
    };

    private readonly Option<DateTimeOffset?> _since;
    private readonly Option<DateTimeOffset?> _until;

    private readonly Option<string[]> _statuses;

    /// <param name="time">For "so long ago".</param>
    /// <param name="statuses">Those that may be asked for.</param>
    public HistoryFilterOptions(TimeProvider time, params UtteranceStatus[] statuses)
    {
        _since = MomentOption.Create("--since", "Spoken then or later: so long ago (90s, 30m, 2h, 7d), a date, or a time", time);
        _until = MomentOption.Create("--until", "Spoken before that", time);
        var names = statuses.Select(Output.JsonLines.Name).ToArray();
        _statuses = new Option<string[]>("--status")
        {
            Description = "Only with this status; may be given often",
            HelpName = string.Join('|', names),
        }.AcceptOnlyFromAmong(names);
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_since);
        command.Options.Add(_until);
        command.Options.Add(_devices);
        command.Options.Add(_statuses);
    }

    public IReadOnlyList<string> Devices(ParseResult parsed) => parsed.GetValue(_devices) ?? [];

    public long FromUnixMs(ParseResult parsed) => parsed.GetValue(_since)?.ToUnixTimeMilliseconds() ?? 0;

    public long ToUnixMs(ParseResult parsed) => parsed.GetValue(_until)?.ToUnixTimeMilliseconds() ?? 0;

    public bool HasSince(ParseResult parsed) => parsed.GetValue(_since) is not null;

    public IEnumerable<UtteranceStatus> Statuses(ParseResult parsed) =>
        (parsed.GetValue(_statuses) ?? []).Select(name => Enum.Parse<UtteranceStatus>(name, ignoreCase: true));
}
