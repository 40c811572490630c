using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Fleet.Silo.Membership;
using Fleet.Storage;

namespace Fleet.Silo.Ingest;

/// <summary>
/// Commits what devices send in groups: whatever has come while the last transaction ran goes into the next, so a lone item waits for nobody and a
/// crowd shares its commits. Under load a group may wait a little for company (Fleet:Ingest:CommitMaxAgeMs). Only what is committed is acked. While the
/// database is away everything is held and tried again. What a kind of row needs beside that is its writer's.
/// </summary>
internal abstract class GroupWriter<TItem> : BackgroundService
    where TItem : class
{
    private const long NotStoring = long.MinValue;

    private static readonly TimeSpan _longestRetry = TimeSpan.FromSeconds(5);

    private readonly SiloStatus _status;
    private readonly IngestOptions _options;
    private readonly TimeProvider _time;
    private readonly Channel<TItem> _queue;
    private readonly List<TItem> _group = [];
    private readonly HashSet<UtteranceKey> _keys = [];
    private TItem? _carriedOver;
    private long _groupBytes;
    private int _previousCount;
    private int _unanswered;
    private long _storingSince = NotStoring;
    private volatile bool _isHeld;

    protected GroupWriter(SiloStatus status, IngestOptions options, TimeProvider time)
    {
        _status = status;
        _options = options;
        _time = time;
        // Full means: refuse it for now. Waiting here would stop the stream's reading, and with it its heartbeats.
        _queue = Channel.CreateBounded<TItem>(
            new BoundedChannelOptions(options.CommitQueueUtterances) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    }

    protected static TimeSpan FirstRetry { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>What was taken and not yet answered.</summary>
    public int UnansweredCount => Volatile.Read(ref _unanswered);

    /// <summary>How long the transaction runs that runs now; null: none does.</summary>
    public TimeSpan? StoringFor => Interlocked.Read(ref _storingSince) is var since && since == NotStoring ? null : _time.GetElapsedTime(since);

    /// <summary>The database has refused the group, and it is tried again.</summary>
    public bool IsHeld => _isHeld;

    /// <summary>True: the writer will answer. False: the queue is full.</summary>
    public virtual bool TryEnqueue(TItem item)
    {
        Interlocked.Increment(ref _unanswered);
        if (_queue.Writer.TryWrite(item))
        {
            return true;
        }

        Interlocked.Decrement(ref _unanswered);
        return false;
    }

    /// <summary>Two of one key never share a transaction: each is to get an answer of its own.</summary>
    protected abstract UtteranceKey KeyOf(TItem item);

    /// <summary>Counts for Fleet:Ingest:CommitMaxBytes.</summary>
    protected abstract long BytesOf(TItem item);

    /// <summary>When it came, as a timestamp of the clock.</summary>
    protected abstract long ReceivedAt(TItem item);

    /// <summary>Writes the group by <see cref="StoreUntilDoneAsync"/>, and answers each by <see cref="CountAnswer"/> and its origin.</summary>
    protected abstract Task CommitAsync(List<TItem> group, CancellationToken cancellationToken);

    /// <summary>The database does not take the group; it is tried again.</summary>
    protected abstract void OnNotStored(Exception exception, bool isFirst);

    /// <summary>The database has taken a group.</summary>
    /// <param name="count">Of the group.</param>
    /// <param name="took">The transaction that did.</param>
    /// <param name="heldFor">How long it was held before; null: it was taken at once.</param>
    protected abstract void OnStored(int count, TimeSpan took, TimeSpan? heldFor);

    /// <summary>It is not answered any more: its device sends it again, elsewhere or to the next start.</summary>
    protected virtual void Abandon(TItem item)
    {
    }

    protected void CountAnswer() => Interlocked.Decrement(ref _unanswered);

    protected async Task<TResult> StoreUntilDoneAsync<TResult>(Func<CancellationToken, Task<TResult>> store, int count, CancellationToken cancellationToken)
    {
        TimeSpan? held = null;
        var firstTry = _time.GetTimestamp();
        for (var delay = FirstRetry; ; delay = Next(delay))
        {
            var started = _time.GetTimestamp();
            try
            {
                Interlocked.Exchange(ref _storingSince, started);
                var result = await store(cancellationToken);
                _isHeld = false;
                OnStored(count, _time.GetElapsedTime(started), held is null ? null : _time.GetElapsedTime(firstTry));
                return result;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                _isHeld = true;
                OnNotStored(exception, isFirst: held is null);
                held = _time.GetElapsedTime(firstTry);
            }
            finally
            {
                Interlocked.Exchange(ref _storingSince, NotStoring);
            }

            await Task.Delay(delay * (0.5 + (Random.Shared.NextDouble() / 2)), _time, cancellationToken);
        }
    }

    protected static TimeSpan Next(TimeSpan delay) => 2 * delay < _longestRetry ? 2 * delay : _longestRetry;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _status.Started.WaitAsync(stoppingToken);
            while (await FillGroupAsync(stoppingToken))
            {
                _previousCount = _group.Count;
                await CommitAsync(_group, stoppingToken);
                _group.Clear();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left was not acked.
        }
        finally
        {
            AbandonHeld();
        }
    }

    private async Task<bool> FillGroupAsync(CancellationToken cancellationToken)
    {
        _keys.Clear();
        _groupBytes = 0;
        if (_carriedOver is null && !await _queue.Reader.WaitToReadAsync(cancellationToken))
        {
            return false;
        }

        TakeWhatIsThere();
        // A lone item waits for nobody: only a group that follows one with company expects some.
        if (_options.CommitMaxAgeMs > 0 && _previousCount > 1)
        {
            await WaitForCompanyAsync(cancellationToken);
        }

        return true;
    }

    private void TakeWhatIsThere()
    {
        while (_group.Count < _options.CommitMaxUtterances && TryTakeNext(out var next))
        {
            if (!_keys.Add(KeyOf(next)) || (_group.Count > 0 && _groupBytes + BytesOf(next) > _options.CommitMaxBytes))
            {
                _carriedOver = next;
                break;
            }

            _groupBytes += BytesOf(next);
            _group.Add(next);
        }
    }

    private async Task WaitForCompanyAsync(CancellationToken cancellationToken)
    {
        var left = _options.CommitMaxAge - _time.GetElapsedTime(ReceivedAt(_group[0]));
        if (left <= TimeSpan.Zero)
        {
            return;
        }

        using var old = new CancellationTokenSource(left, _time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(old.Token, cancellationToken);
        try
        {
            while (_carriedOver is null && _group.Count < _options.CommitMaxUtterances && await _queue.Reader.WaitToReadAsync(over.Token))
            {
                TakeWhatIsThere();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Old enough.
        }
    }

    private bool TryTakeNext([NotNullWhen(true)] out TItem? next)
    {
        if (_carriedOver is not null)
        {
            next = _carriedOver;
            _carriedOver = null;
            return true;
        }

        return _queue.Reader.TryRead(out next);
    }

    private void AbandonHeld()
    {
        _queue.Writer.TryComplete();
        foreach (var item in _group)
        {
            Abandon(item);
        }

        while (TryTakeNext(out var item))
        {
            Abandon(item);
        }
    }
}
