using System.Security.Cryptography;
using System.Text;
using Fleet.Silo.Telemetry;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Access;

/// <summary>What opens what: the join key the ingest, the API key the fleet API, and nothing else. Room for a key per device.</summary>
internal sealed partial class Credentials
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _joinKeyHash;
    private readonly byte[] _apiKeyHash;
    private readonly ILogger<Credentials> _logger;

    public Credentials(IOptions<CredentialOptions> options, ILogger<Credentials> logger)
    {
        _logger = logger;
        _joinKeyHash = Load(options.Value.JoinKeyFile);
        _apiKeyHash = Load(options.Value.ApiKeyFile);
    }

    /// <summary>Null when the header opens the service, else the sentence for the caller.</summary>
    public string? Check(string serviceName, string? authorization)
    {
        var (expected, keyName) = serviceName switch
        {
            "fleet.v1.DeviceIngest" => (_joinKeyHash, "join key"),
            "fleet.v1.FleetApi" => (_apiKeyHash, "API key"),
            _ => (null, ""),
        };
        if (expected is null)
        {
            return "No credential opens this service.";
        }

        if (string.IsNullOrEmpty(authorization))
        {
            return $"A credential is missing: send the metadata 'authorization: Bearer <{keyName}>'.";
        }

        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return $"The metadata 'authorization' must be 'Bearer <{keyName}>'.";
        }

        // Hashes have one length, so neither the length nor the first difference shows in the time that this takes.
        return CryptographicOperations.FixedTimeEquals(Hash(authorization[Scheme.Length..].Trim()), expected)
            ? null
            : $"The credential is wrong: {serviceName} takes this fleet's {keyName}.";
    }

    private byte[] Load(string path)
    {
        var (key, made) = KeyFile.ReadOrMake(path);
        if (made)
        {
            LogKeyFileMade(path);
        }

        return Hash(key);
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    [LoggerMessage(EventIds.KeyFileMade, LogLevel.Information, "Made a new key in {Path}, readable by this user only.")]
    private partial void LogKeyFileMade(string path);
}
