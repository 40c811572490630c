namespace Fleet.Silo.Access;

/// <summary>Which refusals are logged: whoever knocks a thousand times a second must not fill the disk that the log is on.</summary>
internal sealed class RefusalLogBudget(TimeProvider time)
{
    /// <summary>Lines a minute: enough to see who knocks.</summary>
    public const int LinesPerMinute = 30;

    private static readonly TimeSpan _window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long _windowStart = time.GetTimestamp();
    private int _lines;
    private long _unlogged;

    /// <summary>True: log this one, and how many were not logged since the last one that was.</summary>
    public bool TryTake(out long unlogged)
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_windowStart) >= _window)
            {
                _windowStart = time.GetTimestamp();
                _lines = 0;
            }

            if (_lines == LinesPerMinute)
            {
                unlogged = ++_unlogged;
                return false;
            }

            _lines++;
            unlogged = _unlogged;
            _unlogged = 0;
            return true;
        }
    }
}
