using Fleet.V1;
using Microsoft.Win32.SafeHandles;

namespace Fleet.DeviceAgent.Spool;

/// <summary>
/// Writes one utterance while it is recorded. A disk that fails ends the utterance where it stands; it does not end the listening.
/// </summary>
internal sealed class SpoolWriter : IDisposable
{
    private readonly UtteranceSpool _spool;
    private readonly SafeFileHandle _file;
    private readonly TimeProvider _time;
    private readonly TimeSpan _flushInterval;
    private Crc32C _crc = new();
    private long _flushedAt;
    private bool _failed;

    internal SpoolWriter(UtteranceSpool spool, SpoolEntry entry, SafeFileHandle file, TimeProvider time, TimeSpan flushInterval)
    {
        _spool = spool;
        _file = file;
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
            RandomAccess.Write(_file, pcm, Entry.HeaderLength + Entry.LengthBytes);
            if (_time.GetElapsedTime(_flushedAt) >= _flushInterval)
            {
                RandomAccess.FlushToDisk(_file);
                _flushedAt = _time.GetTimestamp();
            }
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            _failed = true;
            _spool.OnWriteFailed(Entry, ex);
            return;
        }

        _crc.Append(pcm);
        Entry.OnAppended(pcm.Length);
        _spool.OnAppended(pcm.Length);
    }

    /// <summary>Ends the utterance; on disk when this returns.</summary>
    public void Complete(UtteranceEnd.Types.Reason reason)
    {
        var trailer = new SpoolTrailer(Entry.LengthBytes, _crc.Value, _failed ? UtteranceEnd.Types.Reason.Truncated : reason);
        try
        {
            if (!_failed)
            {
                Span<byte> bytes = stackalloc byte[SpoolFormat.TrailerLength];
                SpoolFormat.WriteTrailer(bytes, trailer);
                RandomAccess.Write(_file, bytes, Entry.HeaderLength + Entry.LengthBytes);
                RandomAccess.FlushToDisk(_file);
            }
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            _spool.OnWriteFailed(Entry, ex);
        }

        Entry.OnCompleted(trailer);
        _spool.OnCompleted(Entry);
    }

    public void Dispose() => _file.Dispose();
}
