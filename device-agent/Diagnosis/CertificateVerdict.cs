using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Fleet.DeviceAgent.Diagnosis;

/// <summary>What is wrong with a server's certificate, in words that say who must mend what.</summary>
/// <param name="ValidUntil">When it expires.</param>
/// <param name="Problem">Null: it is trusted.</param>
/// <param name="Mend">What to do about the problem.</param>
internal sealed record CertificateVerdict(DateTimeOffset ValidUntil, string? Problem = null, string Mend = "")
{
    public static CertificateVerdict Of(string host, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors, DateTimeOffset now)
    {
        if (shown is null)
        {
            return new CertificateVerdict(default, "it shows none", "give the silo one (Fleet:Grpc:CertificateFile)");
        }

        using var certificate = X509CertificateLoader.LoadCertificate(shown.GetRawCertData());
        DateTimeOffset from = certificate.NotBefore, until = certificate.NotAfter;
        var verdict = new CertificateVerdict(until);
        if (errors == SslPolicyErrors.None)
        {
            return verdict;
        }

        // Times before trust: a Pi without a battery clock fails at all of them, and its clock is what must be mended.
        if (now < from)
        {
            return verdict with
            {
                Problem = Invariant($"it is valid from {from.UtcDateTime:u}, and this device's clock says {now.UtcDateTime:u}"),
                Mend = "set the clock (timedatectl status)",
            };
        }

        if (now > until)
        {
            return verdict with
            {
                Problem = Invariant($"it expired at {until.UtcDateTime:u}; this device's clock says {now.UtcDateTime:u}"),
                Mend = "renew the silo's certificate, or set this device's clock",
            };
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return verdict with
            {
                Problem = $"it is for {NamesOf(certificate)}, not for {host}",
                Mend = "use one of those names in --server, or have the certificate made for this one",
            };
        }

        var statuses = chain?.ChainStatus.Select(status => status.Status).ToHashSet() ?? [];
        return verdict with
        {
            Problem = statuses.Contains(X509ChainStatusFlags.UntrustedRoot)
                ? $"nobody here trusts who signed it ({certificate.Issuer})"
                : statuses.Contains(X509ChainStatusFlags.PartialChain)
                    ? $"who signed it is not known here ({certificate.Issuer})"
                    : string.Join(", ", chain?.ChainStatus.Select(status => status.StatusInformation.Trim().TrimEnd('.')) ?? [errors.ToString()]),
            Mend = "give --ca-file with the certificate of the authority that signed the silo's",
        };
    }

    private static string NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(address => address.ToString())))
            .ToList();
        return names.Count > 0 ? string.Join(", ", names) : certificate.Subject;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
