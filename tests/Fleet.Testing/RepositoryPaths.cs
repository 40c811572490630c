using System.Reflection;

namespace Fleet.Testing;

/// <summary>Where this build's sources, samples and programs are; stamped into the assembly by MSBuild.</summary>
public static class RepositoryPaths
{
    /// <summary>Top of the checkout.</summary>
    public static string Root { get; } = Stamped("FleetRoot");

    public static string Samples { get; } = Path.Combine(Root, "samples");

    public static string Protos { get; } = Path.Combine(Root, "contracts", "Protos");

    /// <summary>npm packages that the build fetched (models, peers for tests).</summary>
    public static string NodeModules { get; } = Stamped("FleetNodeModules");

    /// <summary>`portable`, `full`, or the switches that differ.</summary>
    public static string Flavour { get; } = Stamped("FleetFlavour");

    /// <summary>The built assembly of a project of ours, for example `Fleet.Silo`.</summary>
    public static string Program(string project) => Program(project, project);

    /// <summary>The built assembly of a project of ours whose assembly has another name, for example `Fleet.Cli`, `fleet-cli`.</summary>
    public static string Program(string project, string assembly) =>
        Path.Combine(Stamped("FleetArtifacts"), "bin", project, Stamped("FleetConfiguration"), assembly + ".dll");

    /// <summary>The assembly of a project of ours that another flavour built below the same folder; it need not be there.</summary>
    public static string ProgramOf(string flavour, string project) =>
        Path.Combine(Path.GetDirectoryName(Stamped("FleetArtifacts")) ?? "", flavour, "bin", project, Stamped("FleetConfiguration"), project + ".dll");

    private static string Stamped(string key) =>
        typeof(RepositoryPaths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value
        ?? throw new InvalidOperationException($"The build did not stamp {key} into Fleet.Testing.");
}
