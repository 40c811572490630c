namespace Fleet.Cli.Deployment;

/// <summary>Where <c>init</c> puts what: one folder for each part, which gets no more than it needs; mounted one by one.</summary>
internal sealed class InitFolders(string top)
{
    /// <summary>Everything, the key of the certificate authority included. Saved beside a backup; mounted by nobody else.</summary>
    public string Vault { get; } = Path.Combine(top, "vault");

    /// <summary>The superuser's password, for the database server and for who makes the logins.</summary>
    public string Postgres { get; } = Path.Combine(top, "postgres");

    public string Silo { get; } = Path.Combine(top, "silo");

    public string Dashboard { get; } = Path.Combine(top, "dashboard");

    public string Scoring { get; } = Path.Combine(top, "scoring");

    public string Agent { get; } = Path.Combine(top, "agent");

    /// <summary>Empty: for what backups write.</summary>
    public string Backups { get; } = Path.Combine(top, "backups");

    /// <summary>The passwords of all logins, for who makes them.</summary>
    public string Roles { get; } = Path.Combine(top, "roles");

    public IReadOnlyList<string> All => [Vault, Postgres, Roles, Silo, Dashboard, Scoring, Agent, Backups];
}
