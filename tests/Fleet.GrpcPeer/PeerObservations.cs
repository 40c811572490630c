using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace Fleet.GrpcPeer;

/// <summary>What <see cref="PeerService"/> saw of its calls.</summary>
internal sealed class PeerObservations
{
    private readonly TaskCompletionSource _firstCancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _cancelled;
    private int _written;

    public int Cancelled => Volatile.Read(ref _cancelled);

    /// <summary>Replies of Expand that the transport took.</summary>
    public int Written => Volatile.Read(ref _written);

    /// <summary>Ends once a handler saw the cancellation of its call.</summary>
    public Task FirstCancelled => _firstCancelled.Task;

    /// <summary>Lets calls go on that hang whatever their token says.</summary>
    public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The demand on the speed of the last request was lifted.</summary>
    public bool DataRateLifted { get; set; }

    /// <summary>The last Chat's request body may have any size.</summary>
    public bool ChatSizeLifted { get; private set; }

    public void OnWritten() => Interlocked.Increment(ref _written);

    public void OnCancelled()
    {
        Interlocked.Increment(ref _cancelled);
        _firstCancelled.TrySetResult();
    }

    public void OnChat(ServerCallContext context) =>
        ChatSizeLifted = context.GetHttpContext().Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize is null;

    public async Task HangAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            OnCancelled();
            throw;
        }
    }
}
