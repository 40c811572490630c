using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Fleet.Contracts.CommandLine;

/// <summary>
/// <c>--health</c>: asks the program that runs with the same settings how it is, for health checks where there is no other HTTP client.
/// </summary>
public static class HealthQuestion
{
    /// <summary>The argument that asks instead of running.</summary>
    public const string Argument = "--health";

    // Whoever asks repeatedly gives up by itself; this is for a person.
    private static readonly TimeSpan _longestAnswer = TimeSpan.FromSeconds(5);

    /// <summary>Writes the answer. 0: it is well; 1: it is not, or does not answer.</summary>
    /// <param name="listen">ADDRESS:PORT on which the program listens.</param>
    /// <param name="path">What to ask for, such as <c>/healthz/ready</c>.</param>
    /// <param name="certificateFile">The program's own certificate (PEM file); empty or null: it speaks plain HTTP.</param>
    /// <param name="output">Gets one line.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<int> AskAsync(
        string listen, string path, string? certificateFile, TextWriter output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(listen);
        ArgumentNullException.ThrowIfNull(output);
        if (Address(listen, path, secure: !string.IsNullOrEmpty(certificateFile)) is not { } address)
        {
            await output.WriteLineAsync($"'{listen}' is not ADDRESS:PORT with a port that is known beforehand: give {Argument} the settings of the program.");
            return 1;
        }

        try
        {
            using var handler = new HttpClientHandler { UseProxy = false, CheckCertificateRevocationList = true };
            if (!string.IsNullOrEmpty(certificateFile))
            {
                var own = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(certificateFile, cancellationToken)).Thumbprint;
                // Its names are for those who come from outside; that it is the program's own says more.
                handler.ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate?.Thumbprint == own;
            }

            using var http = new HttpClient(handler) { Timeout = _longestAnswer };
            using var response = await http.GetAsync(address, cancellationToken);
            await output.WriteLineAsync((await response.Content.ReadAsStringAsync(cancellationToken)).Trim());
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception ex) when (ex is HttpRequestException or IOException or UnauthorizedAccessException
            or System.Security.Cryptography.CryptographicException || (ex is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            await output.WriteLineAsync($"{address} does not answer: {ex.Message}");
            return 1;
        }
    }

    /// <summary>Where to ask a program of this machine; null when the text is no such address.</summary>
    internal static Uri? Address(string listen, string path, bool secure)
    {
        var colon = listen.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(listen.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
        {
            return null;
        }

        var host = listen[..colon];
        if (host is "*" or "0.0.0.0" or "localhost")
        {
            host = "127.0.0.1";
        }
        else if (host == "[::]")
        {
            host = "[::1]";
        }

        return IPAddress.TryParse(host, out _) && Uri.TryCreate($"{(secure ? "https" : "http")}://{host}:{port}{path}", UriKind.Absolute, out var address)
            ? address
            : null;
    }
}
