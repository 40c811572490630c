namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>A client's process and a server's that it calls.</summary>
internal sealed record Pair(string Name, PeerProcess Client, PeerProcess Server, int Port)
{
    /// <summary>Bare TCP has no calls.</summary>
    public bool Measures(Scenario scenario) => !Name.StartsWith(TcpPeer.Name, StringComparison.Ordinal) || TcpPeer.Measures(scenario);

    /// <summary>Puts one load on the server; what both processes used for it is divided by its calls or messages.</summary>
    public async Task<Sample> MeasureAsync(Scenario scenario, int milliseconds)
    {
        var before = await Server.AskAsync<ServerReport>("{}");
        var result = await Client.AskAsync<LoadResult>(PeerJson.Write(scenario.ToLoad(milliseconds, Port)));
        var after = await Server.AskAsync<ServerReport>("{}");
        if (result.Error is not null || result.Count == 0)
        {
            throw new InvalidOperationException($"{Name}, {scenario.Name}: {result.Error ?? "no call came back in time."}");
        }

        return new Sample(
            result.Count / result.Seconds,
            result.P50Microseconds,
            result.P99Microseconds,
            (result.CpuMicroseconds + after.CpuMicroseconds - before.CpuMicroseconds) / result.Count,
            (double)result.AllocatedBytes / result.Count,
            (double)(after.AllocatedBytes - before.AllocatedBytes) / result.Count);
    }
}
