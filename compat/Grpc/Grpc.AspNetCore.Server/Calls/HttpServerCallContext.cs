using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Grpc.AspNetCore.Server.Binding;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>One call: what its service sees of it, and how it ends.</summary>
internal sealed class HttpServerCallContext : ServerCallContext, IServerCallContextFeature, IAsyncDisposable
{
    private const int ResetCodeCancel = 8;

    private static readonly AuthContext _noAuthentication = new(null, []);

    private readonly MethodSettings _settings;
    private readonly ILogger _logger;
    private readonly MessageReader _requests;
    private readonly CancellationToken _requestAborted;
    private CallDeadline? _deadline;
    private MessageCompression? _compression;
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private volatile bool _connectionLost;

    internal HttpServerCallContext(HttpContext httpContext, MethodSettings settings, ILogger logger)
    {
        HttpContext = httpContext;
        _settings = settings;
        _logger = logger;
        _requestAborted = httpContext.RequestAborted;
        _requests = new MessageReader(
            httpContext.Request.BodyReader, settings.MaxReceiveMessageSize, httpContext.Request.Headers[WireNames.Encoding], settings.Encodings);
        Responses = new ResponseWriter(httpContext.Response, settings.MaxSendMessageSize);
    }

    public ServerCallContext ServerCallContext => this;

    internal HttpContext HttpContext { get; }

    internal ResponseWriter Responses { get; }

    /// <summary>How the next message is compressed; null = not.</summary>
    internal MessageCompression? NextCompression => _compression?.For(WriteOptionsCore);

    /// <summary>The call ended before its handler did: by the client, its connection or the deadline.</summary>
    internal bool IsOver => IsAborted || DeadlineIsExceeded;

    protected override string MethodCore => HttpContext.Request.Path.Value ?? "";

    protected override string HostCore => HttpContext.Request.Host.Value ?? "";

    protected override string PeerCore
    {
        get
        {
            ConnectionInfo connection = HttpContext.Connection;
            return connection.RemoteIpAddress switch
            {
                null => "unknown",
                { AddressFamily: AddressFamily.InterNetworkV6 } address => $"ipv6:[{address}]:{connection.RemotePort}",
                { } address => $"ipv4:{address}:{connection.RemotePort}",
            };
        }
    }

    protected override DateTime DeadlineCore => _deadline?.Time ?? DateTime.MaxValue;

    protected override CancellationToken CancellationTokenCore => _deadline?.CancellationToken ?? _requestAborted;

    protected override Metadata RequestHeadersCore => _requestHeaders ??= ReadRequestHeaders();

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => _noAuthentication;

    // What middleware and interceptors leave for each other lies in one place.
    protected override IDictionary<object, object> UserStateCore => HttpContext.Items!; // Values are not null by contract of the original.

    // A read or write fails a moment before Kestrel cancels its token.
    private bool IsAborted => _connectionLost || _requestAborted.IsCancellationRequested;

    private bool DeadlineIsExceeded => _deadline is { IsExceeded: true };

    /// <summary>Prepares the response and arms the deadline.</summary>
    internal void Start()
    {
        ResponseStatus.PrepareHeaders(HttpContext.Response, _settings.Encodings);
        if (_settings.ResponseCompression is { } compression
            && MessageEncodings.IsAccepted(HttpContext.Request.Headers[WireNames.AcceptEncoding], compression.Provider.EncodingName))
        {
            _compression = compression;
            HttpContext.Response.Headers[WireNames.Encoding] = compression.Provider.EncodingName;
        }

        StringValues timeoutText = HttpContext.Request.Headers[WireNames.Timeout];
        if (timeoutText.Count == 0)
        {
            return;
        }

        if (WireTimeout.TryParse(timeoutText, out TimeSpan timeout))
        {
            _deadline = new CallDeadline(timeout, TimeProvider.System, OnDeadlineExceededAsync, _requestAborted);
            _deadline.Start();
        }
        else
        {
            ServerCallLog.InvalidTimeout(_logger, MethodCore, timeoutText.ToString());
        }
    }

    /// <summary>A stream may be idle for hours and has no length: the limits that Kestrel has for uploads do not fit it.</summary>
    internal void LiftRequestBodyLimits()
    {
        IFeatureCollection features = HttpContext.Features;
        if (features.Get<IHttpMinRequestBodyDataRateFeature>() is { } dataRate)
        {
            dataRate.MinDataRate = null;
        }

        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { } size)
        {
            if (size.IsReadOnly)
            {
                ServerCallLog.BodySizeLimitStays(_logger, MethodCore);
            }
            else
            {
                size.MaxRequestBodySize = null;
            }
        }
    }

    /// <summary>A stream ends when its call ends, not when the time-out for pages is over.</summary>
    internal void LiftRequestTimeout() => HttpContext.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();

    /// <summary>The next request of a stream of them, or null at its end.</summary>
    internal ValueTask<TRequest?> ReadAsync<TRequest>(Marshaller<TRequest> marshaller, CancellationToken cancellationToken)
        where TRequest : class
    {
        ValueTask<TRequest?> read = _requests.ReadAsync(marshaller.ContextualDeserializer, cancellationToken);
        return read.IsCompletedSuccessfully ? read : WaitAsync(read);
    }

    /// <summary>The only request of a call.</summary>
    internal async ValueTask<TRequest> ReadSingleAsync<TRequest>(Marshaller<TRequest> marshaller)
        where TRequest : class
    {
        try
        {
            return await _requests.ReadSingleAsync(marshaller.ContextualDeserializer, CancellationTokenCore);
        }
        catch (Exception exception) when (IsConnectionLoss(exception))
        {
            _connectionLost = true;
            throw;
        }
    }

    /// <summary>Turns what the handler threw into the status of the call.</summary>
    internal void Fail(Exception exception)
    {
        if (exception is RpcException rpcException)
        {
            ServerCallLog.EndedWithStatus(_logger, MethodCore, rpcException.StatusCode, rpcException.Status.Detail);
            foreach (Metadata.Entry trailer in rpcException.Trailers)
            {
                ResponseTrailersCore.Add(trailer);
            }

            StatusCore = rpcException.Status;
            return;
        }

        if (IsOver && exception is OperationCanceledException or IOException or InvalidOperationException)
        {
            // What streams throw when the other side is gone; nobody listens to the status any more.
            if (!DeadlineIsExceeded)
            {
                ServerCallLog.Cancelled(_logger, MethodCore);
            }

            StatusCore = Status.DefaultCancelled;
            return;
        }

        ServerCallLog.UnhandledException(_logger, exception, MethodCore);
        StatusCore = new Status(StatusCode.Unknown, _settings.EnableDetailedErrors
            ? $"Exception was thrown by handler. {exception.GetType().Name}: {exception.Message}"
            : "Exception was thrown by handler.");
    }

    /// <summary>Sends trailers and status, unless the deadline did so already.</summary>
    internal async Task EndAsync()
    {
        if (IsAborted)
        {
            return;
        }

        try
        {
            if (await Responses.TryCloseAsync())
            {
                await WriteEndAsync();
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            ServerCallLog.EndNotSent(_logger, exception, MethodCore);
            CancelRequest();
        }
    }

    /// <summary>Resets the stream: the client learns that the call is cancelled.</summary>
    internal void CancelRequest() => HttpContext.Features.Get<IHttpResetFeature>()?.Reset(ResetCodeCancel);

    public ValueTask DisposeAsync() => _deadline?.DisposeAsync() ?? default;

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        HttpResponse response = HttpContext.Response;
        if (response.HasStarted)
        {
            throw new InvalidOperationException("Response headers can only be sent once per call.");
        }

        foreach (Metadata.Entry entry in responseHeaders)
        {
            if (entry.Key == WireNames.EncodingRequest)
            {
                // What the service asks for counts, as in the original: also a name that nobody knows, whose messages then stay as they are.
                response.Headers[WireNames.Encoding] = entry.Value;
                _compression = _settings.Encodings.Find(entry.Value) is { } provider
                    ? new MessageCompression(provider, _settings.ResponseCompression?.Level)
                    : null;
            }
            else if (!WireNames.IsReserved(entry.Key))
            {
                response.Headers.Append(entry.Key, MetadataWire.Format(entry));
            }
        }

        return Responses.FlushHeadersAsync();
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("This server cannot propagate a context: pass deadline and metadata on to the next call.");

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TRequest?> WaitAsync<TRequest>(ValueTask<TRequest?> read)
        where TRequest : class
    {
        try
        {
            return await read;
        }
        catch (Exception exception) when (IsConnectionLoss(exception))
        {
            _connectionLost = true;
            throw;
        }
    }

    private static bool IsConnectionLoss(Exception exception) => exception is IOException or ConnectionAbortedException;

    private async Task WriteEndAsync()
    {
        HttpResponse response = HttpContext.Response;
        Status status = DeadlineIsExceeded ? CallDeadline.ExceededStatus : StatusCore;
        if (status.StatusCode == StatusCode.OK && !response.HasStarted)
        {
            // Trailers-only is for calls that fail at once; a stream without a message has headers and trailers of its own.
            await response.StartAsync(CancellationToken.None);
        }

        try
        {
            foreach (Metadata.Entry entry in _responseTrailers ?? Metadata.Empty)
            {
                if (!WireNames.IsReserved(entry.Key))
                {
                    ResponseStatus.Append(response, entry.Key, MetadataWire.Format(entry));
                }
            }
        }
        catch (InvalidOperationException exception)
        {
            // HTTP cannot carry the value (not ASCII, a line break): the status must get through nevertheless.
            ServerCallLog.InvalidTrailer(_logger, exception, MethodCore);
            status = status.StatusCode == StatusCode.OK ? new Status(StatusCode.Internal, "A response trailer cannot be sent.") : status;
        }

        ResponseStatus.Write(response, status);
    }

    private async Task OnDeadlineExceededAsync(TimeSpan timeout)
    {
        ServerCallLog.DeadlineExceeded(_logger, MethodCore, timeout);

        // A handler that waits for a message or for room to write is woken; the reply does not wait for one that does not stop.
        HttpContext.Request.BodyReader.CancelPendingRead();
        HttpContext.Response.BodyWriter.CancelPendingFlush();
        if (await Responses.TryCloseAsync())
        {
            ResponseStatus.Write(HttpContext.Response, CallDeadline.ExceededStatus);
            await HttpContext.Response.CompleteAsync();

            // A client that goes on sending is stopped.
            CancelRequest();
        }
    }

    private Metadata ReadRequestHeaders()
    {
        Metadata metadata = [];
        foreach ((string name, StringValues values) in HttpContext.Request.Headers)
        {
            foreach (string? value in values)
            {
                try
                {
                    MetadataWire.Add(metadata, name, value ?? "");
                }
                catch (FormatException)
                {
                    throw new RpcException(new Status(StatusCode.Internal, $"The value of the request header '{name}' is not base64."));
                }
            }
        }

        return metadata;
    }
}
