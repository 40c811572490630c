namespace Fleet.Cli.Local.Doctor;

/// <summary>A mounted file system.</summary>
/// <param name="Folder">Where.</param>
/// <param name="Type">Such as ext4 or nfs4.</param>
/// <param name="Options">Such as noexec.</param>
internal sealed record Mount(string Folder, string Type, IReadOnlyList<string> Options);
