namespace Fleet.UnitTests.Agent.Uplink;

/// <summary>Waits for what must happen soon; says what was missing when it does not.</summary>
internal static class Deadline
{
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(10);

    public static async ValueTask<T> Of<T>(ValueTask<T> wanted, string what)
    {
        try
        {
            return await wanted.AsTask().WaitAsync(_soon);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited in vain for {what}.");
        }
    }
}
