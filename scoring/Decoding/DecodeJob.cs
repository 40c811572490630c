using Fleet.Audio;

namespace Fleet.Scoring.Decoding;

/// <summary>One recording on its way through a decoder.</summary>
internal sealed class DecodeJob(ReadOnlyMemory<short> samples, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<Recognition?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ReadOnlyMemory<short> Samples { get; } = samples;

    /// <summary>Whether the caller has gone: then nobody wants the result.</summary>
    public bool IsAbandoned => cancellationToken.IsCancellationRequested;

    /// <summary>What was heard; null when the recogniser failed on this recording.</summary>
    public Task<Recognition?> Result => _done.Task;

    public void Complete(Recognition? recognition) => _done.TrySetResult(recognition);

    public void Abandon() => _done.TrySetCanceled(cancellationToken);
}
