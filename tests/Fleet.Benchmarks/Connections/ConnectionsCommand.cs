using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fleet.Benchmarks.GrpcCalls;
using Fleet.Benchmarks.Ingest;

namespace Fleet.Benchmarks.Connections;

/// <summary>What an idle device costs a silo: real TLS connections, one session each, with heartbeats.</summary>
internal static class ConnectionsCommand
{
    public const string Usage =
        """
              --quick             1,000 connections, watched for 20 s: under a minute
              --connections N     connections, one session each (10000; 10 to 25000)
              --seconds N         how long all of them are watched (60; 15 to 600)
              --plaintext         without TLS
              --silo KEY=VALUE    an option of the silo (repeatable)
        """;

    // Well within the time that an answer of the other process is waited for.
    private const int Step = 200;
    private const int Rows = 5;
    private static readonly TimeSpan _settle = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(string[] args)
    {
        var options = ConnectionsOptions.Parse(args);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores; {options.Connections:N0} connections, {(options.Tls ? "TLS" : "plaintext")}; load average {Machine.LoadAverage()}"));
        Console.CancelKeyPress += static (_, _) => Environment.Exit(130);
        var folder = Directory.CreateTempSubdirectory("fleet-connections-").FullName;
        try
        {
            var certificate = options.Tls ? MakeCertificate(folder) : null;
            return await MeasureAsync(options, certificate, certificate is null ? null : Path.Combine(folder, "key.pem"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> MeasureAsync(ConnectionsOptions options, string? certificate, string? certificateKey)
    {
        Progress("starting PostgreSQL and the silo");
        List<string> siloOptions = [string.Create(CultureInfo.InvariantCulture, $"Fleet:Grpc:MaxConnections={options.Connections + 10}"), .. options.SiloOptions];
        if (certificate is not null)
        {
            siloOptions.AddRange([$"Fleet:Grpc:CertificateFile={certificate}", $"Fleet:Grpc:CertificateKeyFile={certificateKey}"]);
        }

        await using var system = await IngestSystem.StartAsync(siloOptions);
        await using var devices = PeerProcess.Start(
            new PeerKind("idle devices", "dotnet", [], [typeof(ConnectionsCommand).Assembly.Location, "connections-devices"], new Dictionary<string, string>()), server: false);
        var order = new ConnectionsOrder(
            certificate is null ? system.Address : system.Address.Replace("http:", "https:", StringComparison.Ordinal), system.JoinKeyFile, certificate, Step);
        var start = Stopwatch.GetTimestamp();
        ConnectionsSample Sample(int open) => new(
            open, ProcessMemory.ResidentMiB(system.SiloProcessId), Stopwatch.GetElapsedTime(start).TotalSeconds, ProcessCpu.Seconds(system.SiloProcessId));

        List<ConnectionsSample> opening = [Sample(0)];
        ConnectionsAnswer answer = new(0, 0, 0, null);
        while (answer.Open < options.Connections)
        {
            var asked = Math.Min(Step, options.Connections - answer.Open);
            var before = answer.Open;
            answer = await devices.AskAsync<ConnectionsAnswer>(PeerJson.Write(order with { More = asked }));
            if (answer.Open <= before)
            {
                throw new UsageException($"No more than {answer.Open} sessions could be opened: {answer.Error}");
            }

            Progress(string.Create(CultureInfo.InvariantCulture, $"{answer.Open:N0} sessions"));
            if (answer.Open / (options.Connections / Rows) > before / (options.Connections / Rows) || answer.Open == options.Connections)
            {
                opening.Add(Sample(answer.Open));
            }
        }

        Progress("all are open");
        await Task.Delay(_settle, TimeProvider.System);
        var (settled, heartbeats) = (Sample(answer.Open), await devices.AskAsync<ConnectionsAnswer>(PeerJson.Write(order with { More = 0 })));
        await Task.Delay(options.Watch, TimeProvider.System);
        answer = await devices.AskAsync<ConnectionsAnswer>(PeerJson.Write(order with { More = 0 }));
        var watched = Sample(answer.Open);
        Progress("");
        Console.WriteLine();
        Console.WriteLine(ConnectionsReport.Write(opening, settled, watched, answer, heartbeats));
        if (answer.Broken > 0)
        {
            Console.WriteLine($"The last session that broke: {answer.Error}");
        }

        Console.WriteLine($"Load average at the end {Machine.LoadAverage()}");
        return answer.Broken == 0 ? 0 : 1;
    }

    private static string MakeCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=fleet-benchmark", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var file = Path.Combine(folder, "cert.pem");
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return file;
    }

    private static void Progress(string text)
    {
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(text);
        }
        else
        {
            Console.Error.Write($"\r{text,-78}");
        }
    }
}
