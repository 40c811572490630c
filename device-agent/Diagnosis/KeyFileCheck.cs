namespace Fleet.DeviceAgent.Diagnosis;

/// <summary>Whether the key file is there, and for the agent's user only.</summary>
internal sealed class KeyFileCheck(string? keyFile, string? key)
{
    public const string Name = "key file";

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public CheckResult Run()
    {
        const string Copy = "copy the key that the silo made (its JoinKeyFile) there";
        if (keyFile is null)
        {
            return string.IsNullOrWhiteSpace(key)
                ? CheckResult.No(Name, "there is no join key", $"give --key-file, or set {Uplink.JoinKey.EnvironmentVariable}")
                : CheckResult.Ok(Name, $"the key is in {Uplink.JoinKey.EnvironmentVariable}");
        }

        if (!File.Exists(keyFile))
        {
            return CheckResult.No(Name, $"'{keyFile}' does not exist", Copy);
        }

        try
        {
            using var file = File.OpenRead(keyFile);
            if (file.Length == 0)
            {
                return CheckResult.No(Name, $"'{keyFile}' is empty", Copy);
            }
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return CheckResult.No(Name, $"'{keyFile}' cannot be read ({ex.Message.TrimEnd('.')})", "give it to the agent's user, or run the check as that user");
        }

        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(keyFile) & Others) != 0
            ? CheckResult.Warning(Name, $"others on this machine may read '{keyFile}'", $"chmod 600 {keyFile}")
            : CheckResult.Ok(Name, $"'{keyFile}'");
    }
}
