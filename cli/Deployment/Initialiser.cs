using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;
using Fleet.Contracts.SignIn;

namespace Fleet.Cli.Deployment;

/// <summary>Makes keys, passwords and certificates that are missing, and hands each part its own. Doing it again changes nothing.</summary>
internal sealed class Initialiser(InitFolders folders, TimeProvider time)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyFolder = OwnerOnly | UnixFileMode.UserExecute;

    private readonly LocalSecrets _secrets = new(folders.Vault);
    private readonly CertificateAuthority _authority = new(folders.Vault, time);

    /// <param name="names">What the servers are called by those who connect: names and addresses.</param>
    /// <param name="newPassword">A new password for the dashboard although there is one.</param>
    /// <param name="cancellationToken">Gives up; what is there stays whole.</param>
    public async Task<InitResult> RunAsync(IReadOnlyList<string> names, bool newPassword, CancellationToken cancellationToken)
    {
        foreach (var folder in folders.All)
        {
            // The database server runs as a user of its own, in our group.
            Secure(folder, OwnerOnlyFolder | (folder == folders.Postgres ? UnixFileMode.GroupRead | UnixFileMode.GroupExecute : 0));
        }

        await _secrets.EnsureAsync(cancellationToken);
        string? password = null;
        if (newPassword || !File.Exists(_secrets.DashboardHashFile))
        {
            password = AdminPassword.New();
            await PrivateFile.WriteAsync(_secrets.DashboardHashFile, $"{PasswordHash.Create(password)}\n", owner: null, cancellationToken);
        }

        var newCertificate = await _authority.EnsureAsync(names, cancellationToken);
        await HandAsync(folders.Postgres, OwnerOnly | UnixFileMode.GroupRead, cancellationToken, _secrets.PostgresSuperuserFile);
        await HandAsync(folders.Roles, OwnerOnly, cancellationToken, _secrets.PostgresSuperuserFile, _secrets.PostgresOwnerFile, _secrets.PostgresDashboardFile);
        await HandAsync(
            folders.Silo, OwnerOnly, cancellationToken,
            _secrets.JoinKeyFile, _secrets.ApiKeyFile, _secrets.ScoringKeyFile, _secrets.PostgresOwnerFile, _authority.ServerCertificateFile, _authority.ServerKeyFile);
        await HandAsync(
            folders.Dashboard, OwnerOnly, cancellationToken,
            _secrets.DashboardHashFile, _secrets.ApiKeyFile, _secrets.PostgresDashboardFile, _authority.CertificateFile, _authority.ServerCertificateFile, _authority.ServerKeyFile);
        await HandAsync(folders.Scoring, OwnerOnly, cancellationToken, _secrets.ScoringKeyFile);
        await HandAsync(folders.Agent, OwnerOnly, cancellationToken, _secrets.JoinKeyFile, _authority.CertificateFile);
        return new InitResult(password, newCertificate);
    }

    private static async Task HandAsync(string folder, UnixFileMode mode, CancellationToken cancellationToken, params string[] files)
    {
        foreach (var file in files)
        {
            var target = Path.Combine(folder, Path.GetFileName(file));
            var text = await File.ReadAllTextAsync(file, cancellationToken);
            // The dashboard ends all sign-ins when its file changes: only what is new is written.
            if (!File.Exists(target) || await File.ReadAllTextAsync(target, cancellationToken) != text)
            {
                await PrivateFile.WriteAsync(target, text, owner: null, cancellationToken);
            }

            SetMode(target, mode);
        }
    }

    private static void Secure(string folder, UnixFileMode mode)
    {
        PrivateFile.CreateFolder(folder);
        SetMode(folder, mode);
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) != mode)
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
