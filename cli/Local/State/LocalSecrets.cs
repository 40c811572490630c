using Fleet.Cli.Local.Postgres;
using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Local.State;

/// <summary>The credentials of a local fleet: files of mode 600 in a folder of mode 700, made at the first start.</summary>
internal sealed class LocalSecrets(string folder)
{
    public string JoinKeyFile => Path.Combine(folder, "join.key");

    public string ApiKeyFile => Path.Combine(folder, "api.key");

    public string ScoringKeyFile => Path.Combine(folder, "scoring.key");

    public string PostgresSuperuserFile => Path.Combine(folder, "postgres.superuser.password");

    public string PostgresOwnerFile => Path.Combine(folder, "postgres.fleet.password");

    public string PostgresDashboardFile => Path.Combine(folder, "postgres.fleet_dashboard.password");

    /// <summary>What a person types in; kept so that it can be looked up on the machine that runs the fleet.</summary>
    public string DashboardPasswordFile => Path.Combine(folder, "dashboard.password");

    /// <summary>What the dashboard compares with.</summary>
    public string DashboardHashFile => Path.Combine(folder, "dashboard.hash");

    /// <summary>Makes the keys that are missing, and leaves the others as they are.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        foreach (var file in new[]
        {
            JoinKeyFile, ApiKeyFile, ScoringKeyFile, PostgresSuperuserFile, PostgresOwnerFile, PostgresDashboardFile,
        })
        {
            if (!File.Exists(file))
            {
                await PrivateFile.WriteAsync(file, PostgresPasswords.New(), owner: null, cancellationToken);
            }
        }
    }

    public async Task<PostgresPasswords> PostgresAsync(CancellationToken cancellationToken) => new(
        await ReadAsync(PostgresSuperuserFile, cancellationToken),
        await ReadAsync(PostgresOwnerFile, cancellationToken),
        await ReadAsync(PostgresDashboardFile, cancellationToken));

    public Task<string> ApiKeyAsync(CancellationToken cancellationToken) => ReadAsync(ApiKeyFile, cancellationToken);

    /// <summary>The password of the dashboard, or null when none was made yet.</summary>
    public string? DashboardPassword() => File.Exists(DashboardPasswordFile) ? File.ReadAllText(DashboardPasswordFile).Trim() : null;

    private static async Task<string> ReadAsync(string file, CancellationToken cancellationToken) =>
        (await File.ReadAllTextAsync(file, cancellationToken)).Trim();
}
