using System.Globalization;

namespace Fleet.Chaos.Running;

/// <summary>Lines with the time since the start, from whatever thread.</summary>
internal sealed class Progress(TextWriter output, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _begun = time.GetTimestamp();

    public void Say(string text)
    {
        lock (_lock)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetElapsedTime(_begun).TotalSeconds,7:0.0} s  {text}"));
            output.Flush();
        }
    }

    /// <summary>Without a time.</summary>
    public void Print(string text)
    {
        lock (_lock)
        {
            output.WriteLine(text);
            output.Flush();
        }
    }
}
