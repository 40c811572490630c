using System.Security.Cryptography;
using System.Text;
using Fleet.Scoring.Configuration;
using Microsoft.Extensions.Options;

namespace Fleet.Scoring.Security;

/// <summary>Says whether a request carries the server's key.</summary>
internal sealed class BearerKey
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _hash;

    public BearerKey(IOptions<ScoringServerOptions> options) =>
        _hash = Hash(KeyFile.ReadOrCreate(options.Value.KeyFile));

    public bool Opens(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();

        // Hashes have one length, so the time that the comparison takes tells nothing about the key.
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Hash(header[Scheme.Length..].Trim()), _hash);
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
