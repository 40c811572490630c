using Fleet.Audio;

namespace Fleet.Scoring.Decoding;

/// <summary>One recording on its way through an engine.</summary>
internal sealed class DecodeJob(ReadOnlyMemory<short> samples, int bucket, string? requestId, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<Recognition?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ReadOnlyMemory<short> Samples { get; } = samples;

    /// <summary>Only recordings with the same number go into one call of the engine.</summary>
    public int Bucket { get; } = bucket;

    /// <summary>What the caller calls its request, for the log.</summary>
    public string? RequestId { get; } = requestId;

    /// <summary>Ends when nobody waits for the result any more.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Its place in the queue; set by the queue.</summary>
    public QueuePlace Place { get; set; }

    /// <summary>What was heard; null when the recogniser failed on this recording.</summary>
    public Task<Recognition?> Result => _done.Task;

    public void Complete(Recognition? recognition) => _done.TrySetResult(recognition);

    public void Abandon() => _done.TrySetCanceled(CancellationToken);
}
