using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Fleet.DeviceAgent.Uplink;

namespace Fleet.DeviceAgent.Diagnosis;

/// <summary>Whether the server can be reached, step by step: name, port, certificate, HTTP/2. The first step that fails is the one told.</summary>
internal sealed class ServerCheck(ServerAddress server, TimeProvider time)
{
    public const string Name = "server";

    private static readonly TimeSpan _stepTimeout = TimeSpan.FromSeconds(5);

    private string Host => server.Address.IdnHost;

    private string Place => string.Create(CultureInfo.InvariantCulture, $"{server.Address.Host}:{server.Address.Port}");

    public async Task<CheckResult> RunAsync(CancellationToken cancellationToken)
    {
        if (server.UseProxy && HttpClient.DefaultProxy.GetProxy(server.Address) is { } proxy && proxy != server.Address)
        {
            return CheckResult.Warning(
                Name, $"{Place} is reached through the proxy {proxy.Host}, so its steps cannot be looked at",
                "if the next line says no, add the server to NO_PROXY or let the proxy pass HTTP/2");
        }

        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(Host, cancellationToken).WaitAsync(_stepTimeout, time, cancellationToken);
        }
        catch (Exception ex) when (ex is SocketException or TimeoutException)
        {
            return CheckResult.No(Name, $"the name {server.Address.Host} is not known ({ex.Message})", "mend --server, or the DNS of this network");
        }

        var startedAt = time.GetTimestamp();
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(addresses, server.Address.Port, cancellationToken).AsTask().WaitAsync(_stepTimeout, time, cancellationToken);
        }
        catch (Exception ex) when (ex is SocketException or TimeoutException)
        {
            return CheckResult.No(
                Name, $"no connection to {Place} ({string.Join(", ", addresses.Take(3).Select(address => address.ToString()))}: {ex.Message})",
                "start the silo, mend the port in --server, or open it in the firewall");
        }

        var answered = time.GetElapsedTime(startedAt);
        var text = string.Create(CultureInfo.InvariantCulture, $"{Place} answers in {answered.TotalMilliseconds:0} ms");
        try
        {
            return await TalkAsync(client.GetStream(), text, cancellationToken).WaitAsync(2 * _stepTimeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return CheckResult.No(Name, $"{Place} takes connections and says nothing", "mend the port in --server: this is not a silo, or it hangs");
        }
        catch (Exception ex) when (ex is IOException or SocketException)
        {
            return CheckResult.No(Name, $"{Place} breaks the connection off ({ex.Message})", "mend the port in --server: this is not a silo");
        }
    }

    private async Task<CheckResult> TalkAsync(NetworkStream stream, string text, CancellationToken cancellationToken)
    {
        if (server.Address.Scheme == Uri.UriSchemeHttp)
        {
            return Judge(await Http2Probe.AskAsync(stream, cancellationToken), $"{text}, in the clear");
        }

        CertificateVerdict? certificate = null;
        using var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = Host,
                    ApplicationProtocols = [SslApplicationProtocol.Http2],
                    CertificateChainPolicy = server.TrustedRoots is { } roots ? GrpcIngestConnector.ChainPolicy(roots) : null,
                    RemoteCertificateValidationCallback = (_, shown, chain, errors) =>
                    {
                        certificate = CertificateVerdict.Of(Host, shown, chain, errors, time.GetUtcNow());
                        return certificate.Problem is null;
                    },
                },
                cancellationToken);
        }
        catch (AuthenticationException) when (certificate is { Problem: not null })
        {
            return CheckResult.No(Name, $"{text}, but its certificate is not trusted: {certificate.Problem}", certificate.Mend);
        }
        catch (Exception ex) when (ex is AuthenticationException or IOException)
        {
            return CheckResult.No(
                Name, $"{text}, but not with TLS ({ex.Message.TrimEnd('.')})",
                "mend the port in --server; if the silo has no certificate, use http:// (with --private-network)");
        }

        if (tls.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
        {
            return CheckResult.No(Name, $"{text} with TLS, but does not offer HTTP/2", "something between here and the silo must pass HTTP/2 on (ALPN h2)");
        }

        return Judge(
            await Http2Probe.AskAsync(tls, cancellationToken),
            string.Create(CultureInfo.InvariantCulture, $"{text}, {tls.SslProtocol}, certificate until {certificate?.ValidUntil:yyyy-MM-dd}"));
    }

    private CheckResult Judge(Http2Answer answer, string text) => answer switch
    {
        Http2Answer.Http2 => CheckResult.Ok(Name, $"{text}, HTTP/2"),
        Http2Answer.Http1 => CheckResult.No(Name, $"{text}, with HTTP/1.1 only", "mend the port in --server: gRPC has a port of its own (Fleet:Grpc:Listen)"),
        Http2Answer.Tls => CheckResult.No(Name, $"{Place} wants TLS", "use https:// in --server"),
        Http2Answer.Silence => CheckResult.No(
            Name, $"{Place} ends the connection without an answer", "mend --server: if the silo has a certificate, use https://; else this is not its gRPC port"),
        _ => CheckResult.No(Name, $"{Place} answers with something that is not HTTP", "mend the port in --server: this is not a silo"),
    };
}
