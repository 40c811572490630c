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
    private ServerAddress(IReadOnlyList<Uri> all, X509Certificate2Collection? trustedRoots)
    {
        All = all;
        TrustedRoots = trustedRoots;
    }

    /// <summary>The first of <see cref="All"/>: for a look at the cloud.</summary>
    public Uri Address => All[0];

    /// <summary>One or more silos, or names behind which silos stand.</summary>
    public IReadOnlyList<Uri> All { get; }

    /// <summary>Null: what the system trusts.</summary>
    public X509Certificate2Collection? TrustedRoots { get; }

    public bool UseProxy => !All.All(address => address.IsLoopback);

    public static bool TryCreate(
        string text,
        string? caFile,
        bool privateNetwork,
        [NotNullWhen(true)] out ServerAddress? server,
        [NotNullWhen(false)] out string? error)
    {
        server = null;
        error = null;
        var all = new List<Uri>();
        foreach (var one in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(one, UriKind.Absolute, out var address)
                || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
            {
                error = $"--server '{one}' is not an address. Give one like https://fleet.example.org:5100 or http://127.0.0.1:5100.";
                return false;
            }

            if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback && !privateNetwork)
            {
                error = $"--server '{one}' would send speech and the key in the clear. " +
                    "Use https://, or say --private-network if nobody else is in that network.";
                return false;
            }

            all.Add(address);
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

        server = new ServerAddress(all, roots);
        return true;
    }
}
