using Grpc.Core;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>The requests of a call with a stream of them.</summary>
internal sealed class RequestStream<TRequest>(HttpServerCallContext context, Marshaller<TRequest> marshaller) : IAsyncStreamReader<TRequest>
    where TRequest : class
{
    private bool _completed;

    // Read only after MoveNext returned true.
    public TRequest Current { get; private set; } = null!;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_completed || context.IsOver)
        {
            throw new InvalidOperationException("Can't read messages after the request is complete.");
        }

        // A long idle stream does not hold on to its last message.
        Current = null!;
        TRequest? message = await context.ReadAsync(marshaller, cancellationToken);
        if (message is null)
        {
            return false;
        }

        Current = message;
        return true;
    }

    internal void Complete() => _completed = true;
}
