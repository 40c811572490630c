using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Deployment;

/// <summary>The fleet's own certificate authority, in PEM files: devices trust it, so no public name is needed.</summary>
internal sealed class CertificateAuthority(string folder, TimeProvider time)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    // Devices carry the authority's certificate, so it lives longer than they do; the servers' is made anew by itself.
    private static readonly TimeSpan _authorityLife = TimeSpan.FromDays(20 * 365);
    private static readonly TimeSpan _serverLife = TimeSpan.FromDays(397);
    private static readonly TimeSpan _renewBefore = TimeSpan.FromDays(60);

    // A device's clock may be a little behind when it sees the certificate for the first time.
    private static readonly TimeSpan _clockSkew = TimeSpan.FromDays(1);

    public string CertificateFile { get; } = Path.Combine(folder, "ca.pem");

    public string KeyFile { get; } = Path.Combine(folder, "ca.key");

    public string ServerCertificateFile { get; } = Path.Combine(folder, "server.pem");

    public string ServerKeyFile { get; } = Path.Combine(folder, "server.key");

    /// <summary>Makes what is missing; the servers' certificate also when it ends soon or has not all of <paramref name="names"/>. True: it was made.</summary>
    /// <exception cref="InvalidDataException">A file is there and is not what it should be.</exception>
    public async Task<bool> EnsureAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (!File.Exists(CertificateFile) || !File.Exists(KeyFile))
        {
            await MakeAuthorityAsync(cancellationToken);
        }

        if (File.Exists(ServerCertificateFile) && File.Exists(ServerKeyFile) && IsGood(names))
        {
            return false;
        }

        await MakeServerAsync(names, cancellationToken);
        return true;
    }

    private async Task MakeAuthorityAsync(CancellationToken cancellationToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Fleet certificate authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now - _clockSkew, now + _authorityLife);
        await PrivateFile.WriteAsync(KeyFile, key.ExportPkcs8PrivateKeyPem() + "\n", owner: null, cancellationToken);
        await PrivateFile.WriteAsync(CertificateFile, certificate.ExportCertificatePem() + "\n", owner: null, cancellationToken);
    }

    private async Task MakeServerAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        using var authority = Read(() => X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile), CertificateFile);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Fleet", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var now = time.GetUtcNow();
        using var certificate = request.Create(authority, now - _clockSkew, now + _serverLife, RandomNumberGenerator.GetBytes(16));
        await PrivateFile.WriteAsync(ServerKeyFile, key.ExportPkcs8PrivateKeyPem() + "\n", owner: null, cancellationToken);
        await PrivateFile.WriteAsync(ServerCertificateFile, certificate.ExportCertificatePem() + "\n", owner: null, cancellationToken);
    }

    private bool IsGood(IReadOnlyList<string> names)
    {
        using var server = Read(() => X509CertificateLoader.LoadCertificateFromFile(ServerCertificateFile), ServerCertificateFile);
        using var authority = Read(() => X509CertificateLoader.LoadCertificateFromFile(CertificateFile), CertificateFile);
        var has = server.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(address => address.ToString())))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return has.IsSupersetOf(names)
            && server.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime > _renewBefore
            && server.IssuerName.RawData.AsSpan().SequenceEqual(authority.SubjectName.RawData)
            && server.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier?.Span
                .SequenceEqual(authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes.Span) == true;
    }

    private static X509Certificate2 Read(Func<X509Certificate2> read, string file)
    {
        try
        {
            return read();
        }
        catch (CryptographicException ex)
        {
            throw new InvalidDataException($"{file} cannot be used ({ex.Message}) Restore it from a backup, or delete it with its key to have new ones made.", ex);
        }
    }
}
