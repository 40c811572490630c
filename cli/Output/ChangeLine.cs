using Fleet.V1;

namespace Fleet.Cli.Output;

/// <summary>One step from an old text to a new one.</summary>
internal sealed record ChangeLine(string Kind, string? Old, string? New)
{
    public static ChangeLine From(WordChange change) =>
        new(JsonLines.Name(change.Kind), JsonLines.NullIfEmpty(change.Old), JsonLines.NullIfEmpty(change.New));
}
