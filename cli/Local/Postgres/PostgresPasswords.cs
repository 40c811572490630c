using System.Buffers.Text;
using System.Security.Cryptography;

namespace Fleet.Cli.Local.Postgres;

/// <summary>The passwords of a private cluster's three logins.</summary>
public sealed record PostgresPasswords(string Superuser, string Owner, string Dashboard)
{
    public static PostgresPasswords Random() => new(New(), New(), New());

    /// <summary>32 random bytes, base64url.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
