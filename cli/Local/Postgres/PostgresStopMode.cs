namespace Fleet.Cli.Local.Postgres;

/// <summary>How PostgreSQL is asked to stop.</summary>
public enum PostgresStopMode
{
    /// <summary>Ends sessions, writes a checkpoint.</summary>
    Fast,

    /// <summary>Ends at once, as in a crash: recovery runs at the next start.</summary>
    Immediate,
}
