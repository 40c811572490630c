namespace Grpc.Core;

/// <summary>What a service sees of the call that it handles.</summary>
public abstract class ServerCallContext
{
    private Dictionary<object, object>? _userState;

    /// <summary>Creates a context.</summary>
    protected ServerCallContext()
    {
    }

    /// <summary>Path of the call: "/service/method".</summary>
    public string Method => MethodCore;

    /// <summary>Host that the client named.</summary>
    public string Host => HostCore;

    /// <summary>Address of the client: "ipv4:ADDRESS:PORT", "ipv6:[ADDRESS]:PORT" or "unknown".</summary>
    public string Peer => PeerCore;

    /// <summary>When the call must be done (UTC); <see cref="DateTime.MaxValue" /> = no deadline.</summary>
    public DateTime Deadline => DeadlineCore;

    /// <summary>Headers of the request.</summary>
    public Metadata RequestHeaders => RequestHeadersCore;

    /// <summary>Cancelled when the client cancels, the deadline passes or the connection ends.</summary>
    public CancellationToken CancellationToken => CancellationTokenCore;

    /// <summary>Trailers that are sent when the call ends.</summary>
    public Metadata ResponseTrailers => ResponseTrailersCore;

    /// <summary>Status that is sent when the call ends without an exception.</summary>
    public Status Status
    {
        get => StatusCore;
        set => StatusCore = value;
    }

    /// <summary>Options of writes.</summary>
    public WriteOptions? WriteOptions
    {
        get => WriteOptionsCore;
        set => WriteOptionsCore = value;
    }

    /// <summary>Who the client is, by the transport.</summary>
    public AuthContext AuthContext => AuthContextCore;

    /// <summary>A place for what interceptors and services share about this call.</summary>
    public IDictionary<object, object> UserState => UserStateCore;

    /// <summary>Path of the call.</summary>
    protected abstract string MethodCore { get; }

    /// <summary>Host that the client named.</summary>
    protected abstract string HostCore { get; }

    /// <summary>Address of the client.</summary>
    protected abstract string PeerCore { get; }

    /// <summary>When the call must be done.</summary>
    protected abstract DateTime DeadlineCore { get; }

    /// <summary>Headers of the request.</summary>
    protected abstract Metadata RequestHeadersCore { get; }

    /// <summary>Cancelled when the call is over before its time.</summary>
    protected abstract CancellationToken CancellationTokenCore { get; }

    /// <summary>Trailers.</summary>
    protected abstract Metadata ResponseTrailersCore { get; }

    /// <summary>Status.</summary>
    protected abstract Status StatusCore { get; set; }

    /// <summary>Options of writes.</summary>
    protected abstract WriteOptions? WriteOptionsCore { get; set; }

    /// <summary>Who the client is, by the transport.</summary>
    protected abstract AuthContext AuthContextCore { get; }

    /// <summary>A place for what interceptors and services share about this call.</summary>
    protected virtual IDictionary<object, object> UserStateCore => _userState ??= [];

    /// <summary>Sends the headers of the response now rather than with the first message; once a call.</summary>
    public Task WriteResponseHeadersAsync(Metadata responseHeaders) => WriteResponseHeadersAsyncCore(responseHeaders);

    /// <summary>Creates a token that carries deadline and cancellation to calls made for this one.</summary>
    public ContextPropagationToken CreatePropagationToken(ContextPropagationOptions? options = null) => CreatePropagationTokenCore(options);

    /// <summary>Sends the headers of the response.</summary>
    protected abstract Task WriteResponseHeadersAsyncCore(Metadata responseHeaders);

    /// <summary>Creates a propagation token.</summary>
    protected abstract ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options);
}
