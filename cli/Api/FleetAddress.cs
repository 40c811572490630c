using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fleet.Cli.Api;

/// <summary>Where the fleet API is, what opens it, and whom to believe there.</summary>
/// <param name="Server">Address of the gRPC port.</param>
/// <param name="Key">The API key.</param>
/// <param name="KeySource">Where the key came from, for messages; never the key.</param>
/// <param name="TrustedRoots">Null: what the system trusts.</param>
internal sealed record FleetAddress(Uri Server, string Key, string KeySource, X509Certificate2Collection? TrustedRoots)
{
    /// <summary>Checks an address as it was given.</summary>
    /// <exception cref="CliException">It is none, or leads speech through an open network.</exception>
    public static Uri Check(string text, bool privateNetwork)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
        {
            throw new CliException($"'{text}' is not an address. Give one like https://fleet.example.org:5100 or http://127.0.0.1:5100.");
        }

        return address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback && !privateNetwork
            ? throw new CliException($"'{text}' would send speech and the key in the clear. Use https://, or say --private-network if nobody else is in that network.")
            : address;
    }

    /// <summary>Reads the certificates of a PEM file.</summary>
    public static X509Certificate2Collection ReadRoots(string file)
    {
        X509Certificate2Collection roots = [];
        try
        {
            roots.ImportFromPemFile(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CliException($"The CA file '{file}' cannot be read: {exception.Message} Give a file with certificates in PEM form.");
        }

        return roots.Count > 0 ? roots : throw new CliException($"The CA file '{file}' holds no certificate. Give a file with certificates in PEM form.");
    }

    /// <summary>Reads a file that holds a key.</summary>
    public static string ReadKey(string file)
    {
        try
        {
            var key = File.ReadAllText(file).Trim();
            return key.Length > 0 && !key.Any(char.IsControl)
                ? key
                : throw new CliException($"The key file '{file}' does not hold a key in one line. Give the file that the silo made (its ApiKeyFile).");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"The key file '{file}' cannot be read: {exception.Message}");
        }
    }
}
