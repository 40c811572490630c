using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;
using Fleet.Contracts.SignIn;

namespace Fleet.Cli.Local.Up;

/// <summary>Makes the dashboard's password: its hash for the dashboard to compare with, itself for the person.</summary>
internal sealed class DashboardPasswordMaker(LocalSecrets secrets)
{
    /// <summary>The password when it was made just now; null when there was one already.</summary>
    public async Task<string?> EnsureAsync(CancellationToken cancellationToken) =>
        File.Exists(secrets.DashboardHashFile) && secrets.DashboardPassword() is not null ? null : await ResetAsync(cancellationToken);

    /// <summary>Makes a new password. A dashboard that runs picks it up by itself and ends old sign-ins.</summary>
    public async Task<string> ResetAsync(CancellationToken cancellationToken)
    {
        var password = AdminPassword.New();
        await PrivateFile.WriteAsync(secrets.DashboardHashFile, $"{PasswordHash.Create(password)}\n", owner: null, cancellationToken);
        await PrivateFile.WriteAsync(secrets.DashboardPasswordFile, password + "\n", owner: null, cancellationToken);
        return password;
    }
}
