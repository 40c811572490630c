namespace Fleet.Audio;

/// <summary>Turns the detector's probabilities into speech and silence, with hysteresis, and counts both.</summary>
internal sealed class SpeechTracker
{
    // A stop consonant ("six", "utterance") closes the mouth for about this long; it is part of the speech that starts an utterance.
    private const int MaxGapSamples = 5 * SileroVad.FrameSamples;

    private readonly double _speechThreshold;
    private readonly double _silenceThreshold;
    private readonly int _startAfterSpeech;

    public SpeechTracker(EndpointerOptions options, int startAfterSpeech)
    {
        (_speechThreshold, _silenceThreshold, _startAfterSpeech) = (options.SpeechThreshold, options.SilenceThreshold, startAfterSpeech);
        var frames = (startAfterSpeech + SileroVad.FrameSamples - 1) / SileroVad.FrameSamples;
        MaxOnsetSamples = frames * (SileroVad.FrameSamples + MaxGapSamples);
    }

    /// <summary>Most samples that can lie between <see cref="Onset"/> and the frame that confirms it.</summary>
    public int MaxOnsetSamples { get; }

    /// <summary>Whether the last frame was speech.</summary>
    public bool IsSpeech { get; private set; }

    /// <summary>Samples since the last speech.</summary>
    public long Silence { get; private set; }

    /// <summary>Samples of speech heard since <see cref="Onset"/>; 0 when nobody speaks.</summary>
    public long Heard { get; private set; }

    /// <summary>Where the speech began that is heard now.</summary>
    public long Onset { get; private set; }

    /// <summary>Whether enough speech was heard to start an utterance.</summary>
    public bool IsConfirmed => Heard >= _startAfterSpeech;

    public void Take(float probability, int samples, long position)
    {
        IsSpeech = probability >= _speechThreshold || (IsSpeech && probability >= _silenceThreshold);
        if (!IsSpeech)
        {
            Silence += samples;
            Heard = Silence > MaxGapSamples ? 0 : Heard;
            return;
        }

        Onset = Heard == 0 ? position : Onset;
        Heard += samples;
        Silence = 0;
    }

    /// <summary>What was heard so far is spoken for: the next utterance needs speech of its own.</summary>
    public void Forget() => Heard = 0;

    public void Reset() => (IsSpeech, Silence, Heard) = (false, 0, 0);
}
