using Fleet.DeviceAgent.Spool.Container;
using Fleet.V1;

namespace Fleet.DeviceAgent.Spool;

/// <summary>
/// Writes one utterance while it is recorded. A disk that fails ends the utterance where it stands; it does not end the listening.
/// </summary>
internal sealed class SpoolWriter : IDisposable
{
    private readonly UtteranceSpool _spool;
    private readonly ContainerWriter _container;
    private readonly TimeProvider _time;
    private readonly TimeSpan _flushInterval;
    private long _flushedAt;
    private bool _failed;

    internal SpoolWriter(UtteranceSpool spool, SpoolEntry entry, ContainerWriter container, TimeProvider time, TimeSpan flushInterval)
    {
        _spool = spool;
        _container = container;
        _time = time;
        _flushInterval = flushInterval;
        _flushedAt = time.GetTimestamp();
        Entry = entry;
    }

    public SpoolEntry Entry { get; }

    public void Append(ReadOnlySpan<byte> pcm)
    {
        if (_failed)
        {
            return;
        }

        try
        {
            _container.Append(pcm);
            Entry.OnAppended(pcm.Length);
            if (_time.GetElapsedTime(_flushedAt) >= _flushInterval)
            {
                _container.Flush();
                _flushedAt = _time.GetTimestamp();
            }
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            _failed = true;
            _spool.OnWriteFailed(Entry, ex);
            return;
        }

        _spool.OnAppended(pcm.Length);
    }

    /// <summary>Ends the utterance; on disk when this returns.</summary>
    public void Complete(UtteranceEnd.Types.Reason reason)
    {
        if (_failed && Entry.LengthBytes == 0 && _spool.TryLoseEmpty(Entry))
        {
            return;
        }

        var trailer = _container.Describe(_failed ? UtteranceEnd.Types.Reason.Truncated : reason);
        try
        {
            if (!_failed)
            {
                _container.Finish(reason);
            }
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            _spool.OnWriteFailed(Entry, ex);
        }

        Entry.OnCompleted(trailer);
        _spool.OnCompleted(Entry);
    }

    public void Dispose() => _container.Dispose();
}
