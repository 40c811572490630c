namespace Grpc.Core;

/// <summary>Writes a stream of messages, one at a time.</summary>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>Options of the next writes.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Writes a message; done once the transport has taken it.</summary>
    Task WriteAsync(T message);

    /// <summary>Writes a message; done once the transport has taken it. Not every implementation can be cancelled.</summary>
    Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            throw new NotSupportedException("Cancellation of stream writes is not supported by this gRPC implementation.");
        }

        return WriteAsync(message);
    }
}
