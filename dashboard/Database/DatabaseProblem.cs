using Fleet.Storage;
using Npgsql;

namespace Fleet.Dashboard.Database;

/// <summary>Why a page could not be read, in words for people.</summary>
public sealed record DatabaseProblem(string Title, string Text)
{
    private const string MissingClass = "42"; // Syntax or access: for a reader's fixed statements, a table or column that is not there.

    private static readonly DatabaseProblem _away = new(
        "The database does not answer",
        "Devices keep recording, and nothing that was stored is lost. This page comes back by itself as soon as PostgreSQL does.");

    private static readonly DatabaseProblem _noSchema = new(
        "The database is not set up yet",
        "Its tables are made by the first silo that starts. This page comes back by itself.");

    private static readonly DatabaseProblem _denied = new(
        "The database does not let the dashboard read",
        "Give the role in Fleet:Database:ConnectionString the right to select from the tables of Fleet.");

    /// <summary>Null: the failure is not about the database being away.</summary>
    public static DatabaseProblem? From(Exception exception) => exception switch
    {
        StorageUnavailableException => _away,
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => _denied,
        PostgresException postgres when postgres.SqlState.StartsWith(MissingClass, StringComparison.Ordinal) => _noSchema,
        SchemaException schema => new DatabaseProblem("Dashboard and database do not fit together", schema.Message),
        NpgsqlException or TimeoutException => _away,
        _ => null,
    };
}
