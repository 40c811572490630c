namespace Fleet.DeviceAgent.Mute;

/// <summary>
/// Whether the microphone is muted: by a file in the state folder, which <c>device-agent mute</c> makes and takes away and which survives restarts, or by a time of
/// day. Nothing of the server's can change it. Not thread safe.
/// </summary>
internal sealed class MuteSwitch(string stateFolder, IReadOnlyList<MuteTime> times, TimeProvider time)
{
    private const string FileName = "muted";

    // Two looks a second cost nothing, and nobody notices the difference.
    private static readonly TimeSpan _fresh = TimeSpan.FromMilliseconds(250);

    private bool _isMuted;
    private long? _lookedAt;

    public bool IsMuted
    {
        get
        {
            if (_lookedAt is not { } looked || time.GetElapsedTime(looked) >= _fresh)
            {
                _lookedAt = time.GetTimestamp();
                _isMuted = IsSet(stateFolder) || times.Any(span => span.Contains(TimeOnly.FromDateTime(time.GetLocalNow().DateTime)));
            }

            return _isMuted;
        }
    }

    public static bool IsSet(string stateFolder) => File.Exists(Path.Combine(stateFolder, FileName));

    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It belongs to another user.</exception>
    public static void Set(string stateFolder, bool isMuted)
    {
        var path = Path.Combine(stateFolder, FileName);
        if (!isMuted)
        {
            File.Delete(path);
            return;
        }

        Directory.CreateDirectory(stateFolder);
        File.WriteAllText(path, "The microphone is muted while this file is here: device-agent mute off\n");
    }
}
