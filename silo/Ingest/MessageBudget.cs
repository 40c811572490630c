namespace Fleet.Silo.Ingest;

/// <summary>How many messages without audio a session may send: a minute's worth at once, then as they come due. Touched by one reader.</summary>
internal sealed class MessageBudget(int messagesPerMinute, TimeProvider time)
{
    private double _left = messagesPerMinute;
    private long _countedAt = time.GetTimestamp();

    /// <summary>False: they come too fast.</summary>
    public bool TryTake()
    {
        var now = time.GetTimestamp();
        _left = Math.Min(messagesPerMinute, _left + (time.GetElapsedTime(_countedAt, now).TotalMinutes * messagesPerMinute));
        _countedAt = now;
        if (_left < 1)
        {
            return false;
        }

        _left--;
        return true;
    }
}
