using Fleet.Cli.Local.State;

namespace Fleet.Cli.Local.Doctor;

/// <summary>Whether the secrets are secret and not empty.</summary>
internal sealed class SecretChecks(LocalPaths paths)
{
    private const string Name = "Secrets";
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public Finding Check()
    {
        if (!Directory.Exists(paths.SecretsFolder))
        {
            return Finding.Good(Name, "none yet, they are made at the first start");
        }

        try
        {
            var files = Directory.GetFiles(paths.SecretsFolder);
            var open = files.Append(paths.SecretsFolder).Where(IsOpen).Select(Path.GetFileName).ToArray();
            if (open.Length > 0)
            {
                return Finding.Bad(Name, $"others may read {string.Join(", ", open)}", $"chmod -R go= {paths.SecretsFolder}");
            }

            var empty = files.Where(file => new FileInfo(file).Length == 0).ToArray();
            if (empty.Length > 0)
            {
                return Finding.Bad(Name, $"empty: {string.Join(", ", empty.Select(Path.GetFileName))}", $"rm {string.Join(' ', empty)}: the next start makes new ones");
            }

            return Finding.Good(Name, files.Length == 0 ? "none yet, they are made at the first start" : $"{paths.SecretsFolder}, for this user only");
        }
        catch (UnauthorizedAccessException ex)
        {
            return Finding.Bad(Name, ex.Message, $"run ./fleet as the user who made {paths.StateFolder}");
        }
    }

    private static bool IsOpen(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0;
}
