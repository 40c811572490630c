namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>All processes of a run: one client and one server of each kind, and the pairs that are measured.</summary>
internal sealed class PeerSet : IAsyncDisposable
{
    private readonly Dictionary<string, PeerProcess> _clients = [];
    private readonly Dictionary<string, PeerProcess> _servers = [];
    private readonly Dictionary<string, int> _ports = [];
    private readonly List<Pair> _pairs = [];

    private PeerSet()
    {
    }

    public static string Baseline { get; } = PairName("grpc-js", "grpc-js");

    /// <summary>The baseline first.</summary>
    public IReadOnlyList<Pair> Pairs => _pairs;

    public static async Task<PeerSet> StartAsync(IReadOnlyList<string> wanted)
    {
        PeerSet set = new();
        try
        {
            await set.AddAsync(wanted);
            return set;
        }
        catch
        {
            await set.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _clients.Values.Concat(_servers.Values))
        {
            await process.DisposeAsync();
        }
    }

    private async Task AddAsync(IReadOnlyList<string> wanted)
    {
        var js = PeerKind.GrpcJs();
        var own = PeerKind.Own();
        List<(PeerKind Client, PeerKind Server)> pairs = [(js, js), (own, own), (js, own), (own, js)];
        if (PeerKind.OtherFlavour() is { } other)
        {
            pairs.Add((other, other));
        }

        var tcp = PeerKind.Tcp();
        pairs.Add((tcp, tcp));
        pairs.RemoveAll(pair =>
        {
            var name = PairName(pair.Client.Name, pair.Server.Name);
            return name != Baseline && wanted.Count > 0 && !wanted.Any(text => name.Contains(text, StringComparison.Ordinal));
        });

        foreach (var (client, server) in pairs)
        {
            if (!_clients.TryGetValue(client.Name, out var clientProcess))
            {
                _clients[client.Name] = clientProcess = PeerProcess.Start(client, server: false);
            }

            if (!_servers.TryGetValue(server.Name, out var serverProcess))
            {
                _servers[server.Name] = serverProcess = PeerProcess.Start(server, server: true);
                _ports[server.Name] = (await serverProcess.ReadAsync<ServerReport>()).Port;
            }

            _pairs.Add(new Pair(PairName(client.Name, server.Name), clientProcess, serverProcess, _ports[server.Name]));
        }
    }

    private static string PairName(string client, string server) => $"{client} > {server}";
}
