using System.Diagnostics.CodeAnalysis;

namespace Fleet.DeviceAgent.Uplink;

/// <summary>The addresses at which the cloud can be reached, each as good as the other. Every device begins at one of its own choice, so that they spread.</summary>
internal sealed class ServerList
{
    private ServerList(IReadOnlyList<ServerAddress> servers)
    {
        Servers = servers;
    }

    public IReadOnlyList<ServerAddress> Servers { get; }

    /// <summary>The address of a turn; turns go on for ever.</summary>
    public ServerAddress this[int turn] => Servers[turn % Servers.Count];

    public static bool TryCreate(
        string text,
        string? caFile,
        bool privateNetwork,
        [NotNullWhen(true)] out ServerList? list,
        [NotNullWhen(false)] out string? error)
    {
        list = null;
        var servers = new List<ServerAddress>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!ServerAddress.TryCreate(part, caFile, privateNetwork, out var server, out error))
            {
                return false;
            }

            servers.Add(server);
        }

        list = new ServerList(servers);
        error = null;
        return true;
    }
}
