using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Fleet.DeviceAgent.Identity;

/// <summary>
/// Makes UUIDs of version 7 that only grow within the process: history pages by id, so what was said later must sort later, also when
/// the clock steps back. Within one millisecond a 12-bit counter orders them (RFC 9562, method 1).
/// </summary>
internal sealed class UtteranceIds
{
    private const int CounterLimit = 1 << 12;

    // Half of the counter's range is left for ids of the same millisecond.
    private const int FirstCounterLimit = 1 << 11;

    private readonly Lock _lock = new();
    private long _lastUnixMs;
    private int _counter;

    public Guid Next(DateTimeOffset time)
    {
        long unixMs;
        int counter;
        lock (_lock)
        {
            unixMs = time.ToUnixTimeMilliseconds();
            if (unixMs > _lastUnixMs)
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
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var unixMs = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
        lock (_lock)
        {
            if (unixMs >= _lastUnixMs)
            {
                _lastUnixMs = unixMs;
                _counter = CounterLimit - 1;
            }
        }
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
