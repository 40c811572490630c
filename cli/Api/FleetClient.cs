using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Fleet.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.Cli.Api;

/// <summary>The fleet API with its key, a longest wait, and words for what goes wrong.</summary>
internal sealed class FleetClient : IDisposable
{
    // A link that died without a word is noticed within a minute, also while nothing is said.
    private static readonly TimeSpan _pingAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _pingTimeout = TimeSpan.FromSeconds(20);

    private readonly FleetAddress _address;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly GrpcChannel _channel;

    public FleetClient(FleetAddress address, TimeSpan timeout, TimeProvider time)
    {
        (_address, _timeout, _time) = (address, timeout, time);
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = _pingAfter,
            KeepAlivePingTimeout = _pingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            UseProxy = !address.Server.IsLoopback,
        };
        if (address.TrustedRoots is { } roots)
        {
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trust.CustomTrustStore.AddRange(roots);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust };
        }

        _channel = GrpcChannel.ForAddress(address.Server, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        Api = new FleetApi.FleetApiClient(_channel);
    }

    public FleetApi.FleetApiClient Api { get; }

    public Metadata Headers => new() { { "authorization", $"Bearer {_address.Key}" } };

    /// <summary>Worth another try: the silo is away or stopping, or the link broke.</summary>
    public static bool IsAway(Exception exception) =>
        exception is RpcException { StatusCode: StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled } or HttpRequestException or IOException;

    public async Task<TAnswer> CallAsync<TAnswer>(
        Func<FleetApi.FleetApiClient, Metadata, DateTime, CancellationToken, AsyncUnaryCall<TAnswer>> call, CancellationToken cancellationToken)
    {
        using var answer = call(Api, Headers, _time.GetUtcNow().UtcDateTime + _timeout, cancellationToken);
        return await answer;
    }

    /// <summary>What to tell people, and what to do next.</summary>
    public CliException Explain(Exception exception) => exception switch
    {
        CliException known => known,
        RpcException { StatusCode: StatusCode.Unauthenticated or StatusCode.PermissionDenied } =>
            new CliException($"The fleet at {Where} does not take the API key from {_address.KeySource}: give the silo's ApiKeyFile with --key-file."),
        RpcException { StatusCode: StatusCode.Unimplemented } => new CliException($"The silo at {Where} is too old for this command: update it."),
        RpcException { StatusCode: StatusCode.DeadlineExceeded } => new CliException(
            $"The fleet at {Where} gave no answer within {_timeout.TotalSeconds:0.#} s: try again, or wait longer with --timeout SECONDS.", ExitCodes.NoAnswer),
        RpcException { StatusCode: StatusCode.Unavailable } refused => Away(refused.Status.Detail),
        RpcException refused => new CliException(refused.Status.Detail.Length > 0 ? refused.Status.Detail : $"The fleet answered {refused.StatusCode}."),
        _ => Away(exception.Message),
    };

    public void Dispose() => _channel.Dispose();

    private string Where => _address.Server.GetLeftPart(UriPartial.Authority);

    private CliException Away(string detail) => new(
        $"The fleet does not answer at {Where}: {detail.TrimEnd('.')}. Does it run (./fleet up starts one on this machine)? Is it another address (--server URL)?",
        ExitCodes.NoAnswer);
}
