using System.Security.Cryptography;
using System.Text;
using Fleet.Scoring.Configuration;
using Microsoft.Extensions.Options;

namespace Fleet.Scoring.Security;

/// <summary>Says whether a request carries the server's key.</summary>
internal sealed partial class BearerKey
{
    private const string Scheme = "Bearer ";

    private readonly ILogger<BearerKey> _logger;

    // Null: a platform in front of the server has checked the caller.
    private readonly byte[]? _hash;

    public BearerKey(IOptions<ScoringServerOptions> options, ILogger<BearerKey> logger)
    {
        _logger = logger;
        if (options.Value.TrustPlatformKeys)
        {
            LogKeysNotChecked(options.Value.Listen);
        }
        else
        {
            _hash = Hash(KeyFile.ReadOrCreate(options.Value.KeyFile));
        }
    }

    public bool Opens(HttpRequest request)
    {
        if (_hash is null)
        {
            return true;
        }

        var header = request.Headers.Authorization.ToString();

        // Hashes have one length, so the time that the comparison takes tells nothing about the key.
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Hash(header[Scheme.Length..].Trim()), _hash);
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    [LoggerMessage(2004, LogLevel.Warning, "No key is asked for on {Listen} (TrustPlatformKeys): only a platform that checks keys itself may reach it.")]
    private partial void LogKeysNotChecked(string listen);
}
