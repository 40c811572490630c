using System.Globalization;

namespace Fleet.DeviceAgent.Identity;

/// <summary>
/// A part of a state folder that several agents share: replicas of a container have one volume and no name of their own that lasts, so each takes the first
/// part that no other holds, and finds there the identity and the spool of who had it before.
/// </summary>
internal sealed class StatePart : IDisposable
{
    // More replicas than one machine runs.
    private const int MostParts = 1000;

    // Not the one of StateFolder, which the device in it takes.
    private const string LockFile = "part.lock";

    private readonly FileStream _lock;

    private StatePart(string path, int number, FileStream held)
    {
        (Path, Number, _lock) = (path, number, held);
    }

    public string Path { get; }

    /// <summary>From 1.</summary>
    public int Number { get; }

    /// <exception cref="IOException">The folder cannot be written, or all parts are held.</exception>
    public static StatePart Take(string folder)
    {
        for (var number = 1; number <= MostParts; number++)
        {
            var path = System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"part-{number}"));
            Directory.CreateDirectory(path);
            if (TryHold(System.IO.Path.Combine(path, LockFile)) is { } held)
            {
                return new StatePart(path, number, held);
            }
        }

        throw new IOException($"All {MostParts} parts of the state folder '{folder}' are held by other agents. Set another --state-dir.");
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream? TryHold(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(file))
        {
            return null;
        }
    }
}
