namespace Grpc.Core;

/// <summary>What the four kinds of call have in common: headers, status, trailers and disposal, given as functions by the call invoker.</summary>
internal sealed class CallFunctions
{
    private readonly Func<object, Task<Metadata>> _responseHeadersAsync;
    private readonly Func<object, Status> _getStatus;
    private readonly Func<object, Metadata> _getTrailers;
    private readonly Action<object> _dispose;
    private readonly object _state;

    internal CallFunctions(Task<Metadata> responseHeadersAsync, Func<Status> getStatus, Func<Metadata> getTrailers, Action dispose)
        : this(_ => responseHeadersAsync, _ => getStatus(), _ => getTrailers(), _ => dispose(), dispose)
    {
    }

    internal CallFunctions(
        Func<object, Task<Metadata>> responseHeadersAsync,
        Func<object, Status> getStatus,
        Func<object, Metadata> getTrailers,
        Action<object> dispose,
        object state)
    {
        _responseHeadersAsync = responseHeadersAsync;
        _getStatus = getStatus;
        _getTrailers = getTrailers;
        _dispose = dispose;
        _state = state;
    }

    internal Task<Metadata> ResponseHeadersAsync => _responseHeadersAsync(_state);

    internal Status GetStatus() => _getStatus(_state);

    internal Metadata GetTrailers() => _getTrailers(_state);

    internal void Dispose() => _dispose(_state);
}
