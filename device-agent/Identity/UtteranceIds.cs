using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Fleet.DeviceAgent.Identity;

/// <summary>
/// Makes UUIDs of version 7 that grow: history pages by id, so what was said later must sort later, also when the clock steps back a little or
/// is not known. Only the cluster's time takes ids back from a future that a wrong clock had led them into: there they would be refused.
/// Within one millisecond a 12-bit counter orders them (RFC 9562, method 1).
/// </summary>
internal sealed class UtteranceIds
{
    private const int CounterLimit = 1 << 12;

    // Half of the counter's range is left for ids of the same millisecond.
    private const int FirstCounterLimit = 1 << 11;

    // Further ahead of the cluster's time than this is no jitter but a clock that was wrong.
    private const long MaxAheadMs = 60_000;

    private readonly Lock _lock = new();
    private long _lastUnixMs;
    private int _counter;

    /// <param name="time">When it began.</param>
    /// <param name="isServerTime">It is the cluster's time.</param>
    public Guid Next(DateTimeOffset time, bool isServerTime = false)
    {
        long unixMs;
        int counter;
        lock (_lock)
        {
            unixMs = time.ToUnixTimeMilliseconds();
            if (unixMs > _lastUnixMs || (isServerTime && _lastUnixMs - unixMs > MaxAheadMs))
            {
                _counter = RandomNumberGenerator.GetInt32(FirstCounterLimit);
            }
            else
            {
                unixMs = _lastUnixMs;
                if (++_counter == CounterLimit)
                {
                    unixMs++;
                    _counter = 0;
                }
            }

            _lastUnixMs = unixMs;
            counter = _counter;
        }

        return Build(unixMs, counter);
    }

    /// <summary>Ids that are made from now on sort after this one: what an earlier run left in the spool.</summary>
    public void StartAfter(Guid id)
    {
        var unixMs = TimeOf(id).ToUnixTimeMilliseconds();
        lock (_lock)
        {
            if (unixMs >= _lastUnixMs)
            {
                _lastUnixMs = unixMs;
                _counter = CounterLimit - 1;
            }
        }
    }

    /// <summary>The time that an id carries.</summary>
    public static DateTimeOffset TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var unixMs = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(unixMs, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
    }

    private static Guid Build(long unixMs, int counter)
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes[8..]);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)unixMs << 16) | 0x7000 | (uint)counter);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
