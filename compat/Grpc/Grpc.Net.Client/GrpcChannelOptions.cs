using Grpc.Core;
using Grpc.Net.Compression;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client;

/// <summary>Options of a <see cref="GrpcChannel" />.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>How the channel is secured, and credentials that each call carries; null = as the scheme of the address says.</summary>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>The largest message in bytes that is sent; null = no limit, the default.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>The largest message in bytes that is accepted; null = no limit; the default is 4 MiB.</summary>
    public int? MaxReceiveMessageSize { get; set; } = GrpcChannel.DefaultMaxReceiveMessageSize;

    /// <summary>The ways to compress messages that are known, in both directions; null = gzip and deflate.</summary>
    public IList<ICompressionProvider>? CompressionProviders { get; set; }

    /// <summary>Makes loggers; null = no logs.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Sends the requests. Not together with <see cref="HttpHandler" />; its time-out ends long calls.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>Sends the requests. Not together with <see cref="HttpClient" />.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>The client or handler that is set here is disposed with the channel.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>A cancelled call, or one beyond its deadline, throws OperationCanceledException rather than RpcException.</summary>
    public bool ThrowOperationCanceledOnCancellation { get; set; }

    /// <summary>Credentials of calls are sent also in plaintext.</summary>
    public bool UnsafeUseInsecureChannelCallCredentials { get; set; }

    /// <summary>Services of the application; a logger factory is taken from it when none is set here.</summary>
    public IServiceProvider? ServiceProvider { get; set; }

    /// <summary>HTTP version of the requests; null = 2.</summary>
    public Version? HttpVersion { get; set; }

    /// <summary>Whether another HTTP version will do; null = no.</summary>
    public HttpVersionPolicy? HttpVersionPolicy { get; set; }
}
