using Npgsql;

namespace Fleet.Storage;

/// <summary>Makes the data source that the options describe.</summary>
internal static class DataSourceFactory
{
    // Written in the connection string by its keyword; what is not there comes from the options.
    private static readonly (string Keyword, Action<NpgsqlConnectionStringBuilder, DatabaseOptions> Set)[] _defaults =
    [
        ("Application Name", (to, from) => to.ApplicationName = from.ApplicationName),
        ("Maximum Pool Size", (to, from) => to.MaxPoolSize = from.PoolSize),
        ("Timeout", (to, from) => to.Timeout = from.ConnectTimeoutSeconds),
        ("Command Timeout", (to, from) => to.CommandTimeout = from.CommandTimeoutSeconds),
        ("Keepalive", (to, from) => to.KeepAlive = from.KeepAliveSeconds),
        ("Tcp Keepalive", (to, _) => to.TcpKeepAlive = true),
    ];

    public static NpgsqlDataSource Create(DatabaseOptions options)
    {
        NpgsqlDataSourceBuilder builder = new(options.ConnectionString);
        NpgsqlConnectionStringBuilder connection = builder.ConnectionStringBuilder;
        foreach ((string keyword, Action<NpgsqlConnectionStringBuilder, DatabaseOptions> set) in _defaults)
        {
            if (!connection.ShouldSerialize(keyword))
            {
                set(connection, options);
            }
        }

        // An error's detail repeats values of rows, and what was said is one: nobody can turn that on.
        connection.IncludeErrorDetail = false;
        if (!string.IsNullOrEmpty(options.PasswordFile))
        {
            string file = options.PasswordFile;
            builder.UsePasswordProvider(
                _ => File.ReadAllText(file).Trim(),
                async (_, cancellationToken) => (await File.ReadAllTextAsync(file, cancellationToken)).Trim());
        }

        return builder.Build();
    }
}
