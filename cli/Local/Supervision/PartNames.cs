namespace Fleet.Cli.Local.Supervision;

/// <summary>What the parts of a local fleet are called: in run.json, in log files and on the terminal.</summary>
internal static class PartNames
{
    public const string Postgres = "postgres";
    public const string Scoring = "scoring";
    public const string Silo = "silo";
    public const string Dashboard = "dashboard";
    public const string Agents = "agents";
}
