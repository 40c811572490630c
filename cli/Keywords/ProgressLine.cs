using System.Globalization;

namespace Fleet.Cli.Keywords;

/// <summary>How far long work is, a line every few seconds: also in a log file somebody sees that it goes on, and when it will end.</summary>
internal sealed class ProgressLine(TextWriter output, TimeProvider time)
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private string _what = "";
    private long _total;
    private long _done;
    private long _before;
    private long _begun;
    private long _told;

    public void Begin(string what, long total, long done = 0)
    {
        lock (_lock)
        {
            (_what, _total, _done, _before) = (what, total, done, done);
            _begun = _told = time.GetTimestamp();
            output.WriteLine(done > 0 ? $".. {what}: {total}, of which {done} are there" : $".. {what}: {total}");
        }
    }

    public void Add(long count = 1, string? note = null)
    {
        lock (_lock)
        {
            _done += count;
            if (time.GetElapsedTime(_told) < _interval)
            {
                return;
            }

            _told = time.GetTimestamp();
            var passed = time.GetElapsedTime(_begun);
            var left = passed * ((double)(_total - _done) / Math.Max(1, _done - _before));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"   {_what}: {_done} of {_total}, about {Math.Max(0, left.TotalSeconds):0} s left{(note is null ? "" : $" ({note})")}"));
        }
    }

    public void End()
    {
        lock (_lock)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ok {_what}: {time.GetElapsedTime(_begun).TotalSeconds:0.0} s"));
        }
    }
}
