using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;

namespace Fleet.Cli.Local.Up;

/// <summary>Makes the dashboard's password: the dashboard writes the hash that it compares with, we keep the password for the person.</summary>
internal sealed class DashboardPasswordMaker(FleetPrograms programs, LocalSecrets secrets)
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(30);

    /// <summary>The password when it was made just now; null when there was one already.</summary>
    public async Task<string?> EnsureAsync(CancellationToken cancellationToken) =>
        File.Exists(secrets.DashboardHashFile) && secrets.DashboardPassword() is not null ? null : await ResetAsync(cancellationToken);

    /// <summary>Makes a new password. A dashboard that runs picks it up by itself and ends old sign-ins.</summary>
    /// <exception cref="InvalidOperationException">The dashboard's program failed; with its last lines.</exception>
    public async Task<string> ResetAsync(CancellationToken cancellationToken)
    {
        var output = new List<string>();
        await using var process = ChildProcess.Start(programs.Command(
            FleetPrograms.Dashboard, ["password", "--file", secrets.DashboardHashFile], new Dictionary<string, string?>(), line =>
            {
                if (!line.IsError && line.Text.Trim() is { Length: > 0 } text)
                {
                    output.Add(text);
                }
            }));
        var exitCode = await process.Exited.WaitAsync(_timeout, cancellationToken);
        if (exitCode != 0 || output.Count == 0)
        {
            throw new InvalidOperationException($"The dashboard did not make a password:\n{string.Join('\n', process.LastLines)}");
        }

        await PrivateFile.WriteAsync(secrets.DashboardPasswordFile, output[^1] + "\n", owner: null, cancellationToken);
        return output[^1];
    }
}
