namespace Fleet.Storage;

/// <summary>What --help of every program that uses the database says of its options.</summary>
public static class DatabaseHelp
{
    /// <summary>The lines about the connection, without a line break at the end.</summary>
    public const string Connection =
        """
          Fleet:Database:PasswordFile         File whose text is the password; read for each new
                                              connection.
          Fleet:Database:ApplicationName      Name in pg_stat_activity. Default: that of the program.
          Fleet:Database:PoolSize             Most connections, 2 to 1000. Default 20.
          Fleet:Database:ConnectTimeoutSeconds
                                              Longest wait for a connection, 1 to 300 seconds. Default 10.
          Fleet:Database:CommandTimeoutSeconds
                                              Longest statement, 1 to 3600 seconds. Default 30.
          Fleet:Database:KeepAliveSeconds     How often an idle connection is tested, 1 to 600 seconds.
                                              Default 15.
          Fleet:Database:SiloLeaseSeconds     How long after a silo's last sign of life its rows are free
                                              for others, 5 to 600 seconds. Default 30.
          Fleet:Database:FeedReadIntervalMilliseconds
                                              The change feed is read at least so often, 100 to 60000
                                              milliseconds. Default 5000.
        """;
}
