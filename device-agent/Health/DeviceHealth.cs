namespace Fleet.DeviceAgent.Health;

/// <summary>What is wrong with the device at the moment, as heartbeats tell it. Thread safe.</summary>
internal sealed class DeviceHealth
{
    /// <summary>The microphone gives no sound: it is missing, busy, or hangs.</summary>
    public const string MicrophoneMissing = "microphone-missing";

    /// <summary>The microphone gives nothing but zeros.</summary>
    public const string MicrophoneSilent = "microphone-silent";

    /// <summary>What is said is cut off at full scale.</summary>
    public const string SoundClipped = "sound-clipped";

    /// <summary>The sound does not swing around zero.</summary>
    public const string SoundOffset = "sound-dc-offset";

    /// <summary>The model that tells speech from noise could not be loaded; loudness decides.</summary>
    public const string SpeechModelMissing = "speech-model-missing";

    private readonly Lock _lock = new();
    private readonly SortedSet<string> _faults = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Current
    {
        get
        {
            lock (_lock)
            {
                return [.. _faults];
            }
        }
    }

    /// <summary>Notes that something is wrong, or no longer; true when that is news.</summary>
    public bool Set(string fault, bool isPresent)
    {
        lock (_lock)
        {
            return isPresent ? _faults.Add(fault) : _faults.Remove(fault);
        }
    }
}
