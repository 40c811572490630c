using Fleet.Cli.Local.State;

namespace Fleet.Cli.Api;

/// <summary>Finds the fleet that is meant: by options, by the environment, or the one that runs on this machine.</summary>
internal sealed class AddressFinder(Func<string, string?> environment, string workingFolder, string programFolder)
{
    public const string ServerVariable = "FLEET_SERVER";
    public const string KeyVariable = "FLEET_API_KEY";
    public const string KeyFileVariable = "FLEET_API_KEY_FILE";
    public const string CaFileVariable = "FLEET_CA_FILE";
    public const string StateVariable = "FLEET_STATE_DIR";

    private const string StateFolder = ".fleet";

    public static AddressFinder OfProcess() => new(Environment.GetEnvironmentVariable, Environment.CurrentDirectory, AppContext.BaseDirectory);

    /// <param name="server">As given; null: the environment's, or the local fleet's.</param>
    /// <param name="keyFile">As given; null: likewise.</param>
    /// <param name="caFile">As given; null: the environment's, or what the system trusts.</param>
    /// <param name="stateFolder">Of the local fleet; null: the environment's, or the nearest.</param>
    /// <param name="privateNetwork">Plain http to another machine is fine.</param>
    public FleetAddress Find(string? server, string? keyFile, string? caFile, string? stateFolder, bool privateNetwork)
    {
        var local = new Lazy<RunState?>(() => ReadRunFile(stateFolder));
        var named = server ?? Variable(ServerVariable);
        var address = FleetAddress.Check(named ?? local.Value?.Addresses.Grpc ?? throw new CliException(NoFleet(stateFolder)), privateNetwork);
        var (key, source) = FindKey(keyFile, named is null ? local.Value : null);
        return new FleetAddress(address, key, source, (caFile ?? Variable(CaFileVariable)) is { } roots ? FleetAddress.ReadRoots(roots) : null);
    }

    private (string Key, string Source) FindKey(string? keyFile, RunState? local)
    {
        if (keyFile is not null)
        {
            return (FleetAddress.ReadKey(keyFile), keyFile);
        }

        if (Variable(KeyVariable) is { } key)
        {
            return (key.Trim(), KeyVariable);
        }

        return (Variable(KeyFileVariable) ?? local?.CredentialFiles.ApiKey) is { } file
            ? (FleetAddress.ReadKey(file), file)
            : throw new CliException(
                $"There is no API key for that server: give --key-file FILE (the silo's ApiKeyFile), or set {KeyVariable} or {KeyFileVariable}.");
    }

    private RunState? ReadRunFile(string? stateFolder)
    {
        var folders = (stateFolder ?? Variable(StateVariable)) is { } given
            ? [Path.GetFullPath(given, workingFolder)]
            : Upwards(workingFolder).Concat(Upwards(programFolder)).Select(folder => Path.Combine(folder, StateFolder));
        return folders.Select(folder => RunFile.Read(Path.Combine(folder, "run.json"))).FirstOrDefault(state => state is not null);
    }

    private string NoFleet(string? stateFolder) => (stateFolder ?? Variable(StateVariable)) is { } given
        ? $"No fleet runs from {given}: start one with ./fleet up, or name another with --server URL and --key-file FILE."
        : $"No fleet runs on this machine, as far as can be seen from {workingFolder}: start one with ./fleet up, or name another with --server URL and "
            + $"--key-file FILE ({ServerVariable} and {KeyVariable} do, too).";

    private string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;

    private static IEnumerable<string> Upwards(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            yield return at.FullName;
        }
    }
}
