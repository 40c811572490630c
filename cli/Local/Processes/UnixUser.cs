using System.Diagnostics;
using System.Globalization;

namespace Fleet.Cli.Local.Processes;

/// <summary>An account that a program is started as when we are root.</summary>
public sealed record UnixUser(string Name, int UserId, int GroupId, string Home)
{
    /// <summary>True when this process may become any user.</summary>
    public static bool IsRoot => LibC.EffectiveUserId() == 0;

    /// <summary>The account that servers run as: null when we are not root (they run as ourselves), else <c>postgres</c> or <c>nobody</c>.</summary>
    public static UnixUser? ForServers() => IsRoot
        ? Find("postgres") ?? Find("nobody") ?? throw new InvalidOperationException(
            "PostgreSQL does not run as root and there is neither a user 'postgres' nor 'nobody': add one (useradd --system postgres).")
        : null;

    /// <summary>Looks <paramref name="name"/> up in /etc/passwd.</summary>
    public static UnixUser? Find(string name)
    {
        foreach (var line in File.ReadLines("/etc/passwd"))
        {
            var fields = line.Split(':');
            if (fields.Length >= 6 && fields[0] == name)
            {
                return new UnixUser(
                    name,
                    int.Parse(fields[2], CultureInfo.InvariantCulture),
                    int.Parse(fields[3], CultureInfo.InvariantCulture),
                    fields[5]);
            }
        }

        return null;
    }

    /// <summary>Asks the kernel, as this user, whether it can reach into <paramref name="folder"/>: no rule of ours about modes and ACLs can be wrong.</summary>
    public bool CanReach(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo("setpriv", [.. SetPrivArguments(), "test", "-x", folder])
        {
            RedirectStandardError = true,
            WorkingDirectory = "/",
        });
        return process is not null && process.WaitForExit(TimeSpan.FromSeconds(10)) && process.ExitCode == 0;
    }

    internal IReadOnlyList<string> SetPrivArguments() =>
    [
        $"--reuid={UserId.ToString(CultureInfo.InvariantCulture)}",
        $"--regid={GroupId.ToString(CultureInfo.InvariantCulture)}",
        "--clear-groups",
    ];
}
