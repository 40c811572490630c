namespace Fleet.Cli.Local.Supervision;

/// <summary>A part did not come up; the message is for people and ends with what the part wrote last.</summary>
internal sealed class PartStartException(string part, string message) : Exception(message)
{
    public string Part { get; } = part;
}
