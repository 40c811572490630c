using Fleet.Storage;

namespace Fleet.Silo.Ingest;

/// <summary>Utterances that wait for their commit, by key: whoever asks where one stands waits until that is decided.</summary>
internal sealed class CommitsInProgress
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UtteranceKey, int> _counts = [];
    private TaskCompletionSource? _ended;

    public void Begin(UtteranceKey key)
    {
        lock (_lock)
        {
            // An older session's and its resend may both wait.
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
        }
    }

    public void End(UtteranceKey key)
    {
        TaskCompletionSource? ended;
        lock (_lock)
        {
            var left = _counts.GetValueOrDefault(key) - 1;
            if (left > 0)
            {
                _counts[key] = left;
                return;
            }

            _counts.Remove(key);
            ended = _ended;
            _ended = null;
        }

        ended?.TrySetResult();
    }

    /// <summary>Until none of them waits any more.</summary>
    public async Task WaitAsync(IReadOnlyList<UtteranceKey> keys, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task ended;
            lock (_lock)
            {
                if (!keys.Any(_counts.ContainsKey))
                {
                    return;
                }

                _ended ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                ended = _ended.Task;
            }

            await ended.WaitAsync(cancellationToken);
        }
    }
}
