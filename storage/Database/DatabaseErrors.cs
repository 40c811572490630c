using System.Text;
using Npgsql;

namespace Fleet.Storage;

/// <summary>Tells what a failure is about: the row, the moment, or a mistake.</summary>
internal static class DatabaseErrors
{
    /// <summary>The data themselves cannot be stored; the same row fails again.</summary>
    public static bool IsAboutData(Exception exception) => exception switch
    {
        // 22: data exception, 23: constraint, 54: a limit of the program (such as a tsvector of more than 1 MB).
        PostgresException postgres => postgres.SqlState.AsSpan(0, 2) is "22" or "23" or "54",
        EncoderFallbackException or InvalidCastException or OverflowException => true,
        NpgsqlException { InnerException: { } inner } => IsAboutData(inner),
        _ => false,
    };

    /// <summary>It may well work a little later.</summary>
    public static bool IsUnavailable(Exception exception) => exception switch
    {
        PostgresException postgres => IsUnavailable(postgres.SqlState),
        NpgsqlException npgsql => !IsAboutData(npgsql),
        TimeoutException or IOException or System.Net.Sockets.SocketException => true,
        _ => false,
    };

    /// <summary>For people; no SQL, no data.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.MessageText,
        NpgsqlException { InnerException: { } inner } => Describe(inner),
        _ => exception.Message,
    };

    public static StorageUnavailableException Unavailable(Exception exception) =>
        new($"The database is not available: {exception.Message}", exception);

    private static bool IsUnavailable(string sqlState) => sqlState switch
    {
        // A replica that is not yet primary after a failover; a database that is being restored; a lock time-out; cancelled by a time-out.
        "25006" or "3D000" or "55P03" or "55006" or "57014" => true,
        "57P01" or "57P02" or "57P03" or "57P04" or "57P05" => true,

        // 08: connection, 28: credential (being rotated), 40: deadlock or serialization, 53: resources, disk full, 58: I/O, XX: trouble of the
        // server itself, such as a page that it cannot read: never a reason to give data up.
        _ => sqlState.AsSpan(0, 2) is "08" or "28" or "40" or "53" or "58" or "XX",
    };
}
