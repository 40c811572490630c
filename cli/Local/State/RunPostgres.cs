namespace Fleet.Cli.Local.State;

/// <summary>The private database.</summary>
/// <remarks>The connection string (for Npgsql) and the URI (for psql) are the owner's and hold the password.</remarks>
internal sealed record RunPostgres(
    string Host,
    int Port,
    string Database,
    string User,
    string PasswordFile,
    string ConnectionString,
    string Uri,
    string ReaderUser,
    string ReaderPasswordFile,
    string SuperuserPasswordFile,
    string Folder);
