using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Local.State;

/// <summary>One launcher a state folder. The kernel releases the lock with the process, so nothing stale can be left.</summary>
internal sealed class LauncherLock : IDisposable
{
    private readonly FileStream _stream;

    private LauncherLock(FileStream stream) => _stream = stream;

    /// <summary>The lock, or null when another process holds it.</summary>
    public static LauncherLock? TryTake(string file)
    {
        try
        {
            // FileShare.None is an advisory lock (flock) on Unix; the script asks for the same one before it builds.
            return new LauncherLock(PrivateFile.OpenAlone(file));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _stream.Dispose();
}
