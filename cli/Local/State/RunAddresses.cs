namespace Fleet.Cli.Local.State;

/// <summary>Where the parts listen.</summary>
/// <param name="Dashboard">To open in a browser.</param>
/// <param name="Grpc">For devices and for the API (HTTP/2 without TLS, loopback only).</param>
/// <param name="Health">`/healthz/live` and `/healthz/ready` of the silo.</param>
/// <param name="Scoring">POST /score.</param>
/// <param name="Postgres">host:port.</param>
internal sealed record RunAddresses(string Dashboard, string Grpc, string Health, string Scoring, string Postgres);
