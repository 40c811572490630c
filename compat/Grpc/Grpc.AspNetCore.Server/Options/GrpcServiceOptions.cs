using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>Options of all services, or of one.</summary>
public class GrpcServiceOptions
{
    private int? _maxSendMessageSize;
    private int? _maxReceiveMessageSize;

    /// <summary>The largest message in bytes that is sent; null = no limit, the default.</summary>
    public int? MaxSendMessageSize
    {
        get => _maxSendMessageSize;
        set
        {
            _maxSendMessageSize = value;
            MaxSendMessageSizeSpecified = true;
        }
    }

    /// <summary><see cref="MaxSendMessageSize" /> was set.</summary>
    public bool MaxSendMessageSizeSpecified { get; set; }

    /// <summary>The largest message in bytes that is accepted; null = no limit; the default is 4 MiB.</summary>
    public int? MaxReceiveMessageSize
    {
        get => _maxReceiveMessageSize;
        set
        {
            _maxReceiveMessageSize = value;
            MaxReceiveMessageSizeSpecified = true;
        }
    }

    /// <summary><see cref="MaxReceiveMessageSize" /> was set.</summary>
    public bool MaxReceiveMessageSizeSpecified { get; set; }

    /// <summary>The client is told the text of an unhandled exception. For development: it may hold what a client must not see.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>How replies are compressed, for example "gzip", for clients that accept it; null = not, the default.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    /// <summary>How hard replies are compressed; null = as the provider says.</summary>
    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>The ways to compress messages that are known, in both directions; empty = gzip and deflate.</summary>
    public IList<ICompressionProvider> CompressionProviders { get; set; } = [];

    /// <summary>Calls of unknown services are left to the rest of the application rather than answered with UNIMPLEMENTED.</summary>
    public bool? IgnoreUnknownServices { get; set; }

    /// <summary>Interceptors, the first one outermost; those of all services come before those of one.</summary>
    public InterceptorCollection Interceptors { get; } = [];
}

/// <summary>Options of one service; what is not set is as for all services.</summary>
public class GrpcServiceOptions<TService> : GrpcServiceOptions
    where TService : class
{
}
