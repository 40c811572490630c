namespace Fleet.Silo.Ingest;

/// <summary>
/// Bytes of PCM that a session has sent and that were not answered yet. The silo lets go of them before the device can have seen the answer, so its
/// count is never above the device's own.
/// </summary>
internal sealed class CreditAccount(long creditBytes)
{
    private long _outstandingBytes;

    public long OutstandingBytes => Interlocked.Read(ref _outstandingBytes);

    /// <summary>False: the device sent more than it may.</summary>
    public bool TryTake(int bytes) => Interlocked.Add(ref _outstandingBytes, bytes) <= creditBytes;

    public void Release(long bytes) => Interlocked.Add(ref _outstandingBytes, -bytes);
}
