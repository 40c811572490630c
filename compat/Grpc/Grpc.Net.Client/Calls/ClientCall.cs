using System.IO.Compression;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Core.Wire;
using Grpc.Net.Client.Credentials;

namespace Grpc.Net.Client.Calls;

/// <summary>One call: sends its request, keeps its state, ends once.</summary>
internal abstract class ClientCall : IDisposable
{
    private readonly IMethod _method;
    private readonly string? _host;
    private readonly string? _requestEncoding;
    private readonly CancellationTokenSource _source = new();
    private readonly TaskCompletionSource<HttpResponseMessage> _response = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private HttpResponseMessage? _httpResponse;
    private Status? _status;
    private Metadata? _trailers;
    private Task<Metadata>? _responseHeaders;
    private ITimer? _deadlineTimer;
    private CancellationTokenRegistration _cancellation;
    private bool _responseFinished;
    private volatile bool _disposed;

    protected ClientCall(GrpcChannel channel, IMethod method, string? host, CallOptions options)
    {
        if (options.Deadline is { Kind: not DateTimeKind.Utc } deadline && deadline != DateTime.MaxValue && deadline != DateTime.MinValue)
        {
            throw new InvalidOperationException(
                "Deadline must have a kind DateTimeKind.Utc or be equal to DateTime.MaxValue or DateTime.MinValue.");
        }

        Channel = channel;
        Options = options;
        _method = method;
        _host = host;
        _requestEncoding = options.Headers?.GetValue(WireNames.EncodingRequest);
        Token = _source.Token;
        channel.Add(this);
    }

    internal GrpcChannel Channel { get; }

    internal CallOptions Options { get; }

    /// <summary>Cancelled when the call ends before its time.</summary>
    internal CancellationToken Token { get; }

    internal Task<Metadata> ResponseHeadersAsync
    {
        get
        {
            lock (_lock)
            {
                return _responseHeaders ??= ReadResponseHeadersAsync();
            }
        }
    }

    /// <summary>The reply must have a message that is not there yet: a status of OK would be wrong.</summary>
    protected bool LacksMessage { get; set; }

    /// <summary>How messages are compressed that the options of their write do not exempt; null = not.</summary>
    /// <exception cref="InvalidOperationException">The encoding that the metadata asks for is not known.</exception>
    internal MessageCompression? CompressionFor(WriteOptions? options) => _requestEncoding switch
    {
        null or WireNames.Identity => null,
        { } name => new MessageCompression(
            Channel.Encodings.Find(name) ?? throw new InvalidOperationException($"Could not find compression provider for '{name}'."),
            CompressionLevel.Fastest).For(options),
    };

    /// <summary>Messages that the call writes, when it writes a stream of them.</summary>
    protected RequestSender? RequestStream { get; set; }

    internal Status GetStatus()
    {
        lock (_lock)
        {
            return _status ?? throw new InvalidOperationException("Unable to get the status because the call is not complete.");
        }
    }

    internal Metadata GetTrailers()
    {
        lock (_lock)
        {
            return _responseFinished && _trailers is not null
                ? _trailers
                : throw new InvalidOperationException("Can't get the call trailers because the call has not completed successfully.");
        }
    }

    public void Dispose()
    {
        _disposed = true;
        End(new Status(StatusCode.Cancelled, "gRPC call disposed."));
    }

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    /// <summary>True: the call is over and was successful; false: it goes on.</summary>
    internal bool EndedOk()
    {
        Status? status = CurrentStatus();
        return status is { } ended && (ended.StatusCode == StatusCode.OK ? true : throw CreateException(ended));
    }

    internal void ThrowIfEnded()
    {
        if (CurrentStatus() is { } status)
        {
            throw CreateException(status);
        }
    }

    /// <summary>Cancels the whole call with a token that was given for one read or write.</summary>
    internal CancellationTokenRegistration CancelWith(CancellationToken cancellationToken) =>
        !cancellationToken.CanBeCanceled || cancellationToken == Options.CancellationToken
            ? default
            : cancellationToken.UnsafeRegister(static (state, token) => ((ClientCall)state!).Cancel(token), this);

    /// <summary>What a failed write throws. It does not end the call: the reply of the server tells more, and is to be read.</summary>
    internal Exception WriteFailure(Exception exception) => CurrentStatus() is { } status
        ? CreateException(status)
        : exception is OperationCanceledException
            ? new RpcException(new Status(StatusCode.Cancelled, "The server does not take any more messages.", exception))
            : new RpcException(FailureStatus.From("Error writing message.", exception));

    /// <summary>Ends the call for an exception, and says what its user is to see.</summary>
    internal Exception Fail(string summary, Exception exception)
    {
        Status status = exception is OperationCanceledException
            ? new Status(StatusCode.Cancelled, "", exception)
            : FailureStatus.From(summary, exception);
        if (status.StatusCode == StatusCode.Cancelled && Options.Deadline is { } deadline && TimeProvider.System.GetUtcNow().UtcDateTime >= deadline)
        {
            // The server's clock was a little faster.
            status = new Status(StatusCode.DeadlineExceeded, status.Detail, status.DebugException);
        }

        End(status);
        Exception resolved = CreateException(GetStatus());
        _response.TrySetException(resolved);
        Observe(_response.Task);
        return resolved;
    }

    /// <summary>Ends the call with the trailers of its reply, which has been read to its end.</summary>
    /// <exception cref="RpcException">The status is not OK.</exception>
    internal void EndWithTrailers()
    {
        HttpResponseMessage response = _httpResponse!; // Read to its end.
        EndWithResponse(ResponseProtocol.ReadTrailers(response), response.TrailingHeaders);
        if (GetStatus() is { StatusCode: not StatusCode.OK } status)
        {
            throw CreateException(status);
        }
    }

    private void EndWithResponse(Status status, HttpResponseHeaders trailers)
    {
        if (status.StatusCode == StatusCode.OK && LacksMessage)
        {
            status = new Status(StatusCode.Internal, "Failed to deserialize response message.");
        }

        End(status, ResponseProtocol.ReadMetadata(trailers));
    }

    /// <summary>Sends the request; the reply is checked to be one of gRPC. Null: it is over with its headers, successfully.</summary>
    protected async Task<MessageReader?> SendAsync(HttpContent content)
    {
        ClientCallLog.Starting(Channel.Logger, _method.FullName, Channel.Target);
        using HttpRequestMessage request = CreateRequest(content);
        ArmDeadline(request);
        _cancellation = Options.CancellationToken.UnsafeRegister(static (state, token) => ((ClientCall)state!).Cancel(token), this);
        ThrowIfEnded();
        await AddCredentialsAsync(request).ConfigureAwait(false);
        HttpResponseMessage response = Channel.Invoker is HttpClient client
            ? await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token).ConfigureAwait(false)
            : await Channel.Invoker.SendAsync(request, Token).ConfigureAwait(false);
        lock (_lock)
        {
            _httpResponse = response;
            if (_status is not null)
            {
                response.Dispose();
            }
        }

        _response.TrySetResult(response);
        ThrowIfEnded();
        if (ResponseProtocol.ReadHeaders(response) is { } status)
        {
            EndWithResponse(status, response.Headers);
            return EndedOk() ? null : throw new InvalidOperationException("The call has not ended.");
        }

        Stream body = await response.Content.ReadAsStreamAsync(Token).ConfigureAwait(false);
        return ResponseBody.CreateReader(body, Channel, ResponseProtocol.ReadEncoding(response));
    }

    protected static void Observe(Task task) => _ = task.ContinueWith(
        static faulted => _ = faulted.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private async Task<Metadata> ReadResponseHeadersAsync()
    {
        HttpResponseMessage response = await _response.Task.ConfigureAwait(false);
        return ResponseProtocol.ReadMetadata(response.Headers);
    }

    private Status? CurrentStatus()
    {
        lock (_lock)
        {
            return _status;
        }
    }

    private void Cancel(CancellationToken cancellationToken) =>
        End(new Status(StatusCode.Cancelled, "Call canceled by the client.", new OperationCanceledException(cancellationToken)));

    /// <summary>Ends the call, once; with trailers its reply has been read to the end, without them it is cut off.</summary>
    private void End(Status status, Metadata? trailers = null)
    {
        HttpResponseMessage? response;
        ITimer? timer;
        lock (_lock)
        {
            if (_status is not null)
            {
                return;
            }

            _status = status;
            _trailers = trailers;
            _responseFinished = trailers is not null;
            response = _httpResponse;
            timer = _deadlineTimer;
        }

        ClientCallLog.Ended(Channel.Logger, _method.FullName, status.StatusCode, status.Detail);
        Channel.Remove(this);
        timer?.Dispose();
        _cancellation.Unregister();
        if (trailers is null)
        {
            // The token stops a request that has no reply yet; disposing a reply resets its stream.
            _source.Cancel();
        }

        RequestStream?.OnCallEnded();
        response?.Dispose();
    }

    private Exception CreateException(Status status)
    {
        bool cancelled = status.StatusCode == StatusCode.DeadlineExceeded || (status.StatusCode == StatusCode.Cancelled && Token.IsCancellationRequested);
        if (cancelled && Channel.Options.ThrowOperationCanceledOnCancellation)
        {
            CancellationToken token = (status.DebugException as OperationCanceledException)?.CancellationToken ?? Options.CancellationToken;
            return new OperationCanceledException(status.Detail, status.DebugException, token);
        }

        lock (_lock)
        {
            return new RpcException(status, _trailers ?? Metadata.Empty);
        }
    }

    private HttpRequestMessage CreateRequest(HttpContent content)
    {
        HttpRequestMessage request = new(HttpMethod.Post, Channel.AddressOf(_method))
        {
            Version = Channel.HttpVersion,
            VersionPolicy = Channel.HttpVersionPolicy,
            Content = content,
        };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation("user-agent", "grpc-dotnet-compat/0.1");
        request.Headers.TryAddWithoutValidation(WireNames.AcceptEncoding, Channel.Encodings.AcceptEncoding);
        if (_host is not null)
        {
            request.Headers.Host = _host;
        }

        AddMetadata(request, Options.Headers ?? Metadata.Empty);
        return request;
    }

    private static void AddMetadata(HttpRequestMessage request, Metadata metadata)
    {
        foreach (Metadata.Entry entry in metadata)
        {
            switch (entry.Key)
            {
                case WireNames.Timeout:
                    // The deadline of the call makes it.
                    break;
                case WireNames.EncodingRequest:
                    request.Headers.TryAddWithoutValidation(WireNames.Encoding, entry.Value);
                    break;
                default:
                    request.Headers.TryAddWithoutValidation(entry.Key, MetadataWire.Format(entry));
                    break;
            }
        }
    }

    private void ArmDeadline(HttpRequestMessage request)
    {
        if (Options.Deadline is not { } deadline || deadline == DateTime.MaxValue)
        {
            return;
        }

        TimeSpan timeout = deadline - TimeProvider.System.GetUtcNow().UtcDateTime;
        if (timeout <= TimeSpan.Zero)
        {
            End(new Status(StatusCode.DeadlineExceeded, ""));
            return;
        }

        request.Headers.TryAddWithoutValidation(WireNames.Timeout, WireTimeout.Format(timeout));
        if (timeout.TotalMilliseconds >= uint.MaxValue - 1)
        {
            // Longer than a timer can wait, 49 days; the server has the deadline.
            return;
        }

        ITimer timer = TimeProvider.System.CreateTimer(
            static state => ((ClientCall)state!).End(new Status(StatusCode.DeadlineExceeded, "")), this, timeout, Timeout.InfiniteTimeSpan);
        lock (_lock)
        {
            _deadlineTimer = timer;
            if (_status is not null)
            {
                timer.Dispose();
            }
        }
    }

    private async Task AddCredentialsAsync(HttpRequestMessage request)
    {
        if (Options.Credentials is null && Channel.CallCredentials.Count == 0)
        {
            return;
        }

        if (!Channel.MaySendCallCredentials)
        {
            ClientCallLog.CredentialsNotSent(Channel.Logger, _method.FullName);
            return;
        }

        AuthInterceptorContext context = new($"{Channel.Address.Scheme}://{Channel.Address.Authority}/{_method.ServiceName}", _method.Name, Token);
        IEnumerable<CallCredentials> all = Options.Credentials is null ? Channel.CallCredentials : [.. Channel.CallCredentials, Options.Credentials];
        foreach (AsyncAuthInterceptor interceptor in all.SelectMany(CallCredentialsReader.Read))
        {
            Metadata metadata = [];
            await interceptor(context, metadata).ConfigureAwait(false);
            AddMetadata(request, metadata);
        }
    }
}
