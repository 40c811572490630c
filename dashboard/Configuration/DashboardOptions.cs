using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Fleet.Dashboard.Configuration;

/// <summary>Where the dashboard listens, and the files it keeps. Section <c>Fleet:Dashboard</c>.</summary>
internal sealed class DashboardOptions : IValidatableObject
{
    public const string Section = "Fleet:Dashboard";

    /// <summary>Address and port, such as <c>127.0.0.1:5080</c> or <c>[::1]:5080</c>. Port 0 takes a free one.</summary>
    public string Listen { get; set; } = "127.0.0.1:5080";

    /// <summary>File that holds the PBKDF2 hash of the password of <c>admin</c>; made by <c>Fleet.Dashboard password --file F</c>.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>Folder of the keys that protect sign-ins. Kept over restarts, or each restart signs everyone out.</summary>
    public string KeysFolder { get; set; } = "";

    /// <summary>Hours without a request after which a sign-in ends. 1 to 720.</summary>
    [Range(1, 720, ErrorMessage = "Set Fleet:Dashboard:SessionHours to 1 to 720 hours.")]
    public int SessionHours { get; set; } = 12;

    /// <summary>Certificate (PEM) for HTTPS; with <see cref="CertificateKeyFile"/>.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>Private key (PEM) of <see cref="CertificateFile"/>.</summary>
    public string? CertificateKeyFile { get; set; }

    /// <summary>True: the network is private, so plain HTTP on an address that is not loopback is wanted.</summary>
    public bool PrivateNetwork { get; set; }

    /// <summary>True: a reverse proxy on this machine sets <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c>.</summary>
    public bool BehindProxy { get; set; }

    /// <summary>False: plain HTTP.</summary>
    internal bool HasCertificate => !string.IsNullOrEmpty(CertificateFile);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPEndPoint.TryParse(Listen, out var endPoint) || !Listen.Contains(':', StringComparison.Ordinal))
        {
            yield return new ValidationResult(
                $"Fleet:Dashboard:Listen is '{Listen}'. Set it to an IP address and a port, such as 127.0.0.1:5080.");
        }
        else if (!IPAddress.IsLoopback(endPoint.Address) && !HasCertificate && !PrivateNetwork)
        {
            yield return new ValidationResult(
                $"Fleet:Dashboard:Listen is {Listen}, which is not loopback: set Fleet:Dashboard:CertificateFile and :CertificateKeyFile, "
                + "or Fleet:Dashboard:PrivateNetwork=true when the network is private.");
        }

        if (string.IsNullOrEmpty(CertificateFile) != string.IsNullOrEmpty(CertificateKeyFile))
        {
            yield return new ValidationResult("Set both Fleet:Dashboard:CertificateFile and Fleet:Dashboard:CertificateKeyFile, or neither.");
        }

        if (string.IsNullOrWhiteSpace(PasswordFile))
        {
            yield return new ValidationResult(
                "Set Fleet:Dashboard:PasswordFile to the file that 'Fleet.Dashboard password --file F' makes.");
        }

        if (string.IsNullOrWhiteSpace(KeysFolder))
        {
            yield return new ValidationResult("Set Fleet:Dashboard:KeysFolder to a folder that only the dashboard may read.");
        }
    }
}
