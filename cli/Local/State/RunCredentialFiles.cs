namespace Fleet.Cli.Local.State;

/// <summary>Files of mode 600, each with one credential.</summary>
internal sealed record RunCredentialFiles(string JoinKey, string ApiKey, string ScoringKey, string DashboardPassword, string PostgresPassword);
