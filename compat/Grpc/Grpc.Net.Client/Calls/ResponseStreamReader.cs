using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>The responses of a call with a stream of them.</summary>
internal sealed class ResponseStreamReader<TResponse>(ClientCall call, Marshaller<TResponse> marshaller, Task<MessageReader?> started)
    : IAsyncStreamReader<TResponse>
    where TResponse : class
{
    private static readonly Task<bool> _true = Task.FromResult(true);
    private static readonly Task<bool> _false = Task.FromResult(false);

    private int _reading;

    // Read only after MoveNext returned true.
    public TResponse Current { get; private set; } = null!;

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        try
        {
            call.ThrowIfDisposed();
            if (call.EndedOk())
            {
                return _false;
            }
        }
        catch (Exception exception)
        {
            return Task.FromException<bool>(exception);
        }

        if (Interlocked.Exchange(ref _reading, 1) == 1)
        {
            return Task.FromException<bool>(
                new InvalidOperationException("Can't read the next message because the previous read is still in progress."));
        }

        // A long idle stream does not hold on to its last message.
        Current = null!;
        if (cancellationToken.IsCancellationRequested)
        {
            // Cancels the call at once, also when there is a message.
            _ = call.CancelWith(cancellationToken);
        }

        ValueTask<TResponse?> read = started.IsCompletedSuccessfully
            ? ReadAsync(started.GetAwaiter().GetResult()) // Completed: does not block.
            : ReadFirstAsync();
        return read.IsCompletedSuccessfully ? Take(read.Result, cancellationToken) : WaitAsync(read, cancellationToken);
    }

    private Task<bool> Take(TResponse? message, CancellationToken cancellationToken)
    {
        if (message is null)
        {
            return WaitAsync(default, cancellationToken);
        }

        Current = message;
        Volatile.Write(ref _reading, 0);
        return _true;
    }

    private async ValueTask<TResponse?> ReadFirstAsync() => await ReadAsync(await started.ConfigureAwait(false)).ConfigureAwait(false);

    // A reply that was over with its headers has no reader, and no message.
    private ValueTask<TResponse?> ReadAsync(MessageReader? reader) =>
        reader is null ? default : reader.ReadAsync(marshaller.ContextualDeserializer, call.Token);

    private async Task<bool> WaitAsync(ValueTask<TResponse?> read, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = call.CancelWith(cancellationToken);
        try
        {
            TResponse? message = await read.ConfigureAwait(false);
            if (message is null)
            {
                if (await started.ConfigureAwait(false) is not null)
                {
                    call.EndWithTrailers();
                }

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
