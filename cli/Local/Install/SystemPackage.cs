namespace Fleet.Cli.Local.Install;

/// <summary>A Debian package that Fleet needs when it runs, and how one sees that it (or something that does its work) is there.</summary>
/// <param name="Name">As apt knows it.</param>
/// <param name="Purpose">What for.</param>
/// <param name="ForTestsOnly">`up` does without.</param>
/// <param name="Find">Where it is, or null.</param>
internal sealed record SystemPackage(string Name, string Purpose, bool ForTestsOnly, Func<string?> Find);
