namespace Fleet.Cli.Local.State;

/// <summary>Ports that a person asked for on the command line; null = any.</summary>
internal sealed record RequestedPorts(int? Dashboard = null, int? Grpc = null, int? Health = null, int? Scoring = null, int? Postgres = null);
