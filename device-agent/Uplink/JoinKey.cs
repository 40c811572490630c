namespace Fleet.DeviceAgent.Uplink;

/// <summary>
/// The credential with which a device joins the fleet: from a file, or from the environment; never from the command line, which others can
/// see.
/// </summary>
internal sealed class JoinKey(string? file, string? value)
{
    public const string EnvironmentVariable = "FLEET_JOIN_KEY";

    /// <exception cref="IngestException">The file cannot be read, or what is in it cannot be a key.</exception>
    public async ValueTask<string> ReadAsync(CancellationToken cancellationToken)
    {
        string key;
        try
        {
            key = (file is null ? value ?? "" : await File.ReadAllTextAsync(file, cancellationToken)).Trim();
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new IngestException(IngestFault.Unauthenticated, $"the key file cannot be read ({ex.Message})", ex);
        }

        if (key.Length == 0 || key.Any(c => c is <= ' ' or >= '\x7f'))
        {
            var place = file is null ? EnvironmentVariable : $"the key file '{file}'";
            throw new IngestException(IngestFault.Unauthenticated, $"{place} holds no key");
        }

        return key;
    }
}
