using Fleet.Contracts.SignIn;

namespace Fleet.Dashboard.SignIn;

/// <summary><c>password --file F</c>: a new random password; its hash goes to the file, the password to standard output, once.</summary>
internal static class PasswordCommand
{
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var path = args switch
        {
            ["--file", { Length: > 0 } value] => value,
            [{ } single] when single.StartsWith("--file=", StringComparison.Ordinal) => single["--file=".Length..],
            _ => null,
        };
        if (string.IsNullOrEmpty(path))
        {
            error.WriteLine("Usage: Fleet.Dashboard password --file FILE");
            return 1;
        }

        try
        {
            var password = AdminPassword.New();
            Write(Path.GetFullPath(path), PasswordHash.Create(password).ToString());
            output.WriteLine(password);
            return 0;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"The password could not be written: {ex.Message}");
            return 1;
        }
    }

    private static void Write(string path, string line)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? ".");

        // Written aside and renamed, so that a running dashboard never reads half a line.
        var temporary = $"{path}.{Environment.ProcessId}.new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(temporary, options))
        {
            writer.WriteLine(line);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
