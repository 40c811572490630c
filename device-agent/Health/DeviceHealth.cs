namespace Fleet.DeviceAgent.Health;

/// <summary>What is wrong with the device at the moment, as heartbeats tell it. Thread safe.</summary>
internal sealed class DeviceHealth
{
    /// <summary>The microphone gives no sound: it is missing, busy, or hangs.</summary>
    public const string MicrophoneMissing = "microphone-missing";

    /// <summary>The microphone gives nothing but zeros.</summary>
    public const string MicrophoneSilent = "microphone-silent";

    /// <summary>The microphone gives one value all the time, which is not zero.</summary>
    public const string MicrophoneFlat = "microphone-flat";

    /// <summary>What is said is so soft that words get lost.</summary>
    public const string SoundQuiet = "sound-quiet";

    /// <summary>What is said is cut off at full scale.</summary>
    public const string SoundClipped = "sound-clipped";

    /// <summary>The sound does not swing around zero.</summary>
    public const string SoundOffset = "sound-dc-offset";

    /// <summary>The model that tells speech from noise could not be loaded; loudness decides.</summary>
    public const string SpeechModelMissing = "speech-model-missing";

    /// <summary>A keyword model cannot be used: damaged, for another engine, or its runner died too often.</summary>
    public const string KeywordModelFaulty = "keyword-model-faulty";

    /// <summary>No keyword model can be used: nothing is recorded.</summary>
    public const string KeywordsUnheard = "keywords-unheard";

    /// <summary>The owner has muted the microphone.</summary>
    public const string Muted = "muted";

    /// <summary>Something is wrong that was not before; called on the thread that found it.</summary>
    public event Action<string>? Appeared;

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
        bool isNews;
        lock (_lock)
        {
            isNews = isPresent ? _faults.Add(fault) : _faults.Remove(fault);
        }

        if (isNews && isPresent)
        {
            Appeared?.Invoke(fault);
        }

        return isNews;
    }
}
