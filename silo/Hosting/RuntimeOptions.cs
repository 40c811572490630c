namespace Fleet.Silo.Hosting;

/// <summary>Section Fleet.</summary>
internal sealed class RuntimeOptions
{
    public const string Section = "Fleet";

    public const string Embedded = "embedded";

    /// <summary>What runs the device actors. embedded: this process alone.</summary>
    public string Runtime { get; init; } = Embedded;
}
