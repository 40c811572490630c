using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fleet.DeviceAgent.Uplink;

/// <summary>
/// Where the cloud is, and whom the agent believes that it is. Speech goes in the clear only where the owner has said that the network is
/// private.
/// </summary>
internal sealed record ServerAddress
{
    private ServerAddress(Uri address, X509Certificate2Collection? trustedRoots)
    {
        Address = address;
        TrustedRoots = trustedRoots;
    }

    public Uri Address { get; }

    /// <summary>Null: what the system trusts.</summary>
    public X509Certificate2Collection? TrustedRoots { get; }

    public bool UseProxy => !Address.IsLoopback;

    public static bool TryCreate(
        string text,
        string? caFile,
        bool privateNetwork,
        [NotNullWhen(true)] out ServerAddress? server,
        [NotNullWhen(false)] out string? error)
    {
        server = null;
        error = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
        {
            error = $"--server '{text}' is not an address. Give one like https://fleet.example.org:5100 or http://127.0.0.1:5100.";
            return false;
        }

        if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback && !privateNetwork)
        {
            error = $"--server '{text}' would send speech and the key in the clear. " +
                "Use https://, or say --private-network if nobody else is in that network.";
            return false;
        }

        X509Certificate2Collection? roots = null;
        if (caFile is not null)
        {
            try
            {
                roots = [];
                roots.ImportFromPemFile(caFile);
            }
            catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or CryptographicException)
            {
                error = $"--ca-file '{caFile}' cannot be read: {ex.Message} Give a file with certificates in PEM form.";
                return false;
            }

            if (roots.Count == 0)
            {
                error = $"--ca-file '{caFile}' holds no certificate. Give a file with certificates in PEM form.";
                return false;
            }
        }

        server = new ServerAddress(address, roots);
        return true;
    }
}
