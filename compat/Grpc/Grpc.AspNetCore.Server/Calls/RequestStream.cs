using Grpc.Core;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>The requests of a call with a stream of them.</summary>
internal sealed class RequestStream<TRequest>(HttpServerCallContext context, Marshaller<TRequest> marshaller) : IAsyncStreamReader<TRequest>
    where TRequest : class
{
    private static readonly Task<bool> _true = Task.FromResult(true);
    private static readonly Task<bool> _false = Task.FromResult(false);

    private bool _completed;

    // Read only after MoveNext returned true.
    public TRequest Current { get; private set; } = null!;

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<bool>(cancellationToken);
        }

        if (_completed || context.IsOver)
        {
            return Task.FromException<bool>(new InvalidOperationException("Can't read messages after the request is complete."));
        }

        // A long idle stream does not hold on to its last message.
        Current = null!;
        ValueTask<TRequest?> read = context.ReadAsync(marshaller, cancellationToken);
        return read.IsCompletedSuccessfully
            ? Take(read.Result) ? _true : _false
            : WaitAsync(read);
    }

    internal void Complete() => _completed = true;

    private async Task<bool> WaitAsync(ValueTask<TRequest?> read) => Take(await read);

    private bool Take(TRequest? message)
    {
        Current = message!; // Not looked at when there is none.
        return message is not null;
    }

}
