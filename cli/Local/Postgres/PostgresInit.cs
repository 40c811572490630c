using System.Globalization;
using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Local.Postgres;

/// <summary>Makes the folder of a private cluster and reads its state.</summary>
internal static class PostgresInit
{
    /// <summary>initdb, once. A folder that an interrupted initdb left behind is made again: it never held anything.</summary>
    internal static async Task EnsureAsync(
        PostgresClusterOptions options, PostgresBinaries binaries, UnixUser? user, string data, CancellationToken cancellationToken)
    {
        var complete = Path.Combine(options.Folder, "complete");
        if (File.Exists(complete))
        {
            return;
        }

        PrivateFile.CreateFolder(options.Folder);
        if (user is not null)
        {
            LibC.ChangeOwner(options.Folder, user);
            if (!user.CanReach(options.Folder))
            {
                throw new PostgresStartException(
                    $"The user {user.Name}, as which PostgreSQL runs, cannot reach {options.Folder}: choose a folder outside private home folders.");
            }
        }

        if (Directory.Exists(data))
        {
            Directory.Delete(data, recursive: true);
        }

        var passwordFile = Path.Combine(options.Folder, "password");
        try
        {
            await PrivateFile.WriteAsync(passwordFile, options.Passwords.Superuser, user, cancellationToken);
            await using var initdb = ChildProcess.Start(new ChildProcessOptions
            {
                FileName = binaries.InitDb,
                Arguments =
                [
                    "--pgdata", data, "--username", PostgresRoles.Superuser, "--pwfile", passwordFile, "--auth", "scram-sha-256",
                    "--encoding", "UTF8", "--locale", "C.UTF-8", .. options.Fsync ? Array.Empty<string>() : ["--no-sync"],
                ],
                WorkingDirectory = "/",
                User = user,
                OnLine = options.OnLine,
            });
            using var kill = cancellationToken.Register(() => initdb.Signal(UnixSignal.Kill));
            var exitCode = await initdb.Exited;
            cancellationToken.ThrowIfCancellationRequested();
            if (exitCode != 0)
            {
                throw new PostgresStartException($"initdb failed. Its last lines:\n{string.Join('\n', initdb.LastLines)}");
            }
        }
        finally
        {
            File.Delete(passwordFile);
        }

        await PrivateFile.WriteAsync(complete, "", user, cancellationToken);
    }

    /// <summary>
    /// What pg_ctl looks at: the last line of postmaster.pid says `ready` once connections are accepted. The first line tells whose file it is:
    /// one that a killed server left behind says `ready` too.
    /// </summary>
    internal static bool IsReady(string data, int processId)
    {
        const int StatusLine = 7;
        try
        {
            var lines = File.ReadAllLines(Path.Combine(data, "postmaster.pid"));
            return lines.Length > StatusLine
                && lines[0] == processId.ToString(CultureInfo.InvariantCulture)
                && lines[StatusLine].Trim() == "ready";
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Sets the superuser's password in single-user mode, for which only the owner of the folder has the right.</summary>
    internal static async Task SetSuperuserPasswordAsync(
        PostgresClusterOptions options, PostgresBinaries binaries, UnixUser? user, string data, CancellationToken cancellationToken)
    {
        // Our passwords are base64url: nothing in them needs quoting, and nothing else is let in.
        if (options.Passwords.Superuser.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_')))
        {
            throw new ArgumentException("The superuser's password may hold letters, digits, - and _ only.", nameof(options));
        }

        var script = Path.Combine(options.Folder, "password.sql");
        try
        {
            await PrivateFile.WriteAsync(
                script, $"ALTER ROLE {PostgresRoles.Superuser} PASSWORD '{options.Passwords.Superuser}'\n", user, cancellationToken);
            await using var server = ChildProcess.Start(new ChildProcessOptions
            {
                // Arguments are passed by position, so that no path is part of the shell's text.
                FileName = "sh",
                Arguments = ["-c", "exec \"$1\" --single -D \"$2\" postgres < \"$3\"", "sh", binaries.Postgres, data, script],
                WorkingDirectory = data,
                User = user,
                OnLine = options.OnLine,
            });
            if (await server.Exited.WaitAsync(options.StartTimeout, cancellationToken) != 0)
            {
                throw new PostgresStartException($"The superuser's password could not be set. Last lines:\n{string.Join('\n', server.LastLines)}");
            }
        }
        finally
        {
            File.Delete(script);
        }
    }
}
