namespace Fleet.Silo.Hosting;

/// <summary>Section Fleet.</summary>
internal sealed class RuntimeOptions
{
    public const string Section = "Fleet";

    public const string Embedded = "embedded";

    public const string Orleans = "orleans";

    /// <summary>What runs the device actors. embedded: this process alone. orleans: all silos of a cluster, on one database.</summary>
    public string Runtime { get; init; } = Embedded;
}
