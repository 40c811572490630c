using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>The responses of a call with a stream of them.</summary>
internal sealed class ResponseStreamReader<TResponse>(ClientCall call, Marshaller<TResponse> marshaller, Task<MessageReader?> started)
    : IAsyncStreamReader<TResponse>
    where TResponse : class
{
    private int _reading;

    // Read only after MoveNext returned true.
    public TResponse Current { get; private set; } = null!;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        call.ThrowIfDisposed();
        if (call.EndedOk())
        {
            return false;
        }

        if (Interlocked.Exchange(ref _reading, 1) == 1)
        {
            throw new InvalidOperationException("Can't read the next message because the previous read is still in progress.");
        }

        using CancellationTokenRegistration registration = call.CancelWith(cancellationToken);
        try
        {
            // A long idle stream does not hold on to its last message.
            Current = null!;
            if (await started.ConfigureAwait(false) is not { } reader)
            {
                return false;
            }

            TResponse? message = await reader.ReadAsync(marshaller.ContextualDeserializer, call.Token).ConfigureAwait(false);
            if (message is null)
            {
                call.EndWithTrailers();
                return false;
            }

            Current = message;
            return true;
        }
        catch (Exception exception)
        {
            throw call.Fail("Error reading next message.", exception);
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }
}
