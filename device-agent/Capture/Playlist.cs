namespace Fleet.DeviceAgent.Capture;

/// <summary>The recordings to play, in ordinal order of their names, and how several devices share them.</summary>
internal sealed record Playlist(IReadOnlyList<Recording> Recordings)
{
    // The protocol's bound for the source of an utterance.
    private const int MaxNameLength = 256;

    private static readonly EnumerationOptions _enumeration = new()
    {
        RecurseSubdirectories = true,
        MatchCasing = MatchCasing.CaseInsensitive,
    };

    /// <summary>One file, or all <c>*.wav</c> in a folder and below.</summary>
    /// <exception cref="IOException">There is no such file or folder, or no access.</exception>
    public static Playlist Read(string path)
    {
        if (!Directory.Exists(path))
        {
            return File.Exists(path)
                ? new Playlist([new Recording(path, Shorten(Path.GetFileName(path)))])
                : throw new FileNotFoundException($"--play '{path}' is neither a file nor a folder.");
        }

        return new Playlist(
        [
            .. Directory.EnumerateFiles(path, "*.wav", _enumeration)
                .Select(file => new Recording(file, Shorten(Path.GetRelativePath(path, file).Replace('\\', '/'))))
                .OrderBy(recording => recording.Name, StringComparer.Ordinal),
        ]);
    }

    /// <summary>
    /// What device <paramref name="device"/> of <paramref name="devices"/> plays. Dealt like cards; with fewer recordings than devices each
    /// device still has one to play.
    /// </summary>
    public IReadOnlyList<Recording> Deal(int device, int devices)
    {
        if (Recordings.Count == 0)
        {
            return [];
        }

        return Recordings.Count < devices
            ? [Recordings[device % Recordings.Count]]
            : [.. Recordings.Where((_, index) => index % devices == device)];
    }

    private static string Shorten(string name) => name.Length <= MaxNameLength ? name : name[^MaxNameLength..];
}
