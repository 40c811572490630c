using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Local.Postgres;

/// <summary>Where a private cluster lives and how it runs.</summary>
public sealed record PostgresClusterOptions
{
    /// <summary>Folder of the cluster; made when missing. When we are root it must be reachable for the server's user.</summary>
    public required string Folder { get; init; }

    public required PostgresPasswords Passwords { get; init; }

    /// <summary>TCP port on 127.0.0.1; 0 = a free one, which is then kept over restarts.</summary>
    public int Port { get; init; }

    /// <summary>False only for tests: commits then outlive the server process, but not the machine.</summary>
    public bool Fsync { get; init; } = true;

    public int MaxConnections { get; init; } = 100;

    /// <summary>More settings (`-c name=value`).</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>How long a start may take, recovery after a crash included.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How long a fast stop may take before the server is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Called for each line of the server's log.</summary>
    public Action<OutputLine>? OnLine { get; init; }
}
