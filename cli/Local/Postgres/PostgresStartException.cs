namespace Fleet.Cli.Local.Postgres;

/// <summary>The private cluster could not be made or started; the message ends with the server's last lines.</summary>
public sealed class PostgresStartException : Exception
{
    public PostgresStartException()
    {
    }

    public PostgresStartException(string message)
        : base(message)
    {
    }

    public PostgresStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
