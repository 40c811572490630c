using System.Diagnostics;

namespace Fleet.Benchmarks.Ingest;

/// <summary>An utterance of a simulated device: its audio is the same for all, so it costs nothing to keep.</summary>
internal sealed class Spoken(ulong sequenceNumber, TimeProvider time, bool isLive)
{
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(60);

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly long _startTimestamp = Stopwatch.GetTimestamp();
    private TimeSpan _pause = TimeSpan.FromSeconds(1);

    public ulong SequenceNumber { get; } = sequenceNumber;

    public string Id { get; } = Guid.CreateVersion7(time.GetUtcNow()).ToString("D");

    public long StartedAtUnixMs => _startedAt.ToUnixTimeMilliseconds();

    /// <summary>When it was begun; what is not live is complete then.</summary>
    public long SpokenTimestamp => _startTimestamp;

    /// <summary>When its end was sent.</summary>
    public long EndTimestamp { get; set; }

    /// <summary>It was refused for now: not to be sent before.</summary>
    public long NotBefore { get; private set; }

    /// <summary>Refused while it was being sent.</summary>
    public volatile bool Refused;

    /// <summary>Bytes of its audio that have been spoken by now.</summary>
    public int AvailableBytes(int lengthBytes, int bytesPerSecond) =>
        isLive ? (int)Math.Min(lengthBytes, Stopwatch.GetElapsedTime(_startTimestamp).TotalSeconds * bytesPerSecond) : lengthBytes;

    /// <summary>Doubling, with jitter, as an agent does it.</summary>
    public void Refuse()
    {
        var pause = _pause * (0.5 + (Random.Shared.NextDouble() / 2));
        NotBefore = Stopwatch.GetTimestamp() + (long)(pause.TotalSeconds * Stopwatch.Frequency);
        _pause = 2 * _pause < _longestPause ? 2 * _pause : _longestPause;
        Refused = true;
    }
}
