using Fleet.Cli.Local.Processes;

namespace Fleet.Chaos.Parts;

/// <summary>Where a run keeps what it makes. The database's own folder lies apart: its server is another user, and it is never kept.</summary>
internal sealed class WorkFolder : IDisposable
{
    private const string Prefix = "fleet-chaos-";

    private readonly bool _isOurs;

    /// <param name="keep">The user's; null: a temporary one.</param>
    public WorkFolder(string? keep)
    {
        _isOurs = keep is null;
        Path = keep ?? Directory.CreateTempSubdirectory(Prefix).FullName;
        foreach (var folder in new[] { Path, Logs, Ledgers, Agents, Speech, Secrets, Clocks })
        {
            Directory.CreateDirectory(folder);
        }

        if (Directory.EnumerateFileSystemEntries(Ledgers).Any())
        {
            throw new IOException($"'{Path}' holds an earlier run. Give --keep an empty folder, or one that is not there yet.");
        }

        // TMPDIR may be inside a home folder that the server's user cannot enter.
        var parent = UnixUser.ForServers() is { } user && !user.CanReach(System.IO.Path.GetTempPath()) ? "/var/tmp" : System.IO.Path.GetTempPath();
        Database = Directory.CreateDirectory(System.IO.Path.Combine(parent, $"{Prefix}{Guid.NewGuid():N}")).FullName;
    }

    public string Path { get; }

    public string Database { get; }

    public string Logs => System.IO.Path.Combine(Path, "logs");

    public string Ledgers => System.IO.Path.Combine(Path, "ledgers");

    public string Agents => System.IO.Path.Combine(Path, "agents");

    public string Speech => System.IO.Path.Combine(Path, "speech");

    public string Secrets => System.IO.Path.Combine(Path, "secrets");

    public string Clocks => System.IO.Path.Combine(Path, "clocks");

    /// <summary>Set when somebody should look at it.</summary>
    public bool IsWorthALook { get; set; }

    public bool IsKept => !_isOurs || IsWorthALook;

    public void Dispose()
    {
        Delete(Database);
        Delete(Speech);
        Delete(Secrets);
        if (!IsKept)
        {
            Delete(Path);
        }
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // A temporary folder that cannot be removed must not hide the verdict.
        }
    }
}
