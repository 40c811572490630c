namespace Fleet.DeviceAgent.Uplink;

/// <summary>When the last heartbeats were sent: with the answer that gives the round trip. Thread safe.</summary>
internal sealed class HeartbeatTimes
{
    // More than are ever under way: a session ends after two without an answer.
    private const int Remembered = 8;

    private readonly Lock _lock = new();
    private readonly (ulong Nonce, long SentAt)[] _sent = new (ulong, long)[Remembered];
    private ulong _nonce;

    /// <summary>A heartbeat is sent at this timestamp; its nonce.</summary>
    public ulong OnSent(long timestamp)
    {
        lock (_lock)
        {
            _nonce++;
            _sent[_nonce % Remembered] = (_nonce, timestamp);
            return _nonce;
        }
    }

    /// <summary>When the one with this nonce was sent; false when it was none of the last.</summary>
    public bool TryGet(ulong nonce, out long sentAt)
    {
        lock (_lock)
        {
            var slot = _sent[nonce % Remembered];
            sentAt = slot.SentAt;
            return nonce > 0 && slot.Nonce == nonce;
        }
    }
}
