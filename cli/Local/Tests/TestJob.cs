namespace Fleet.Cli.Local.Tests;

/// <summary>One run of a test project.</summary>
/// <param name="Project">For example Fleet.UnitTests.</param>
/// <param name="Flavour">full or portable.</param>
/// <param name="Filter">Which tests, in the words of `dotnet test --filter`; null = all.</param>
internal sealed record TestJob(string Project, string Flavour, string? Filter = null)
{
    /// <summary>Name of its results (NAME.trx).</summary>
    public string Results => $"{Project}-{Flavour}";

    public string Title => $"{Project}, {Flavour} flavour";
}
