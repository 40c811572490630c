using System.ComponentModel.DataAnnotations;

namespace Fleet.Audio;

/// <summary>When an utterance starts and ends. Times are counted in samples, rounded up to whole 32 ms frames of the detector.</summary>
public sealed class EndpointerOptions : IValidatableObject
{
    /// <summary>Audio kept from before speech was noticed. 0 to 5 seconds, default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:05")]
    public TimeSpan PreRoll { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Speech that must be heard before an utterance starts. 32 ms to 5 seconds, default 100 ms: words such as "old" have no more, and the
    /// detector does not take noise for speech for so long (docs/audio.md).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.032", "00:00:05")]
    public TimeSpan StartAfterSpeech { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Silence that ends an utterance. 100 ms to 10 seconds, default 800 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:10")]
    public TimeSpan EndAfterSilence { get; set; } = TimeSpan.FromMilliseconds(800);

    /// <summary>Longest utterance; what follows is the next one, without a gap. 1 second to 5 minutes, default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan MaxUtterance { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long before <see cref="MaxUtterance"/> a shorter pause suffices, so that few words are cut. 0 to 1 minute, default 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ShortPauseWindow { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The pause that suffices within <see cref="ShortPauseWindow"/>. 32 ms to 10 seconds, default 200 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.032", "00:00:10")]
    public TimeSpan ShortPause { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Probability from which a frame counts as speech. 0.05 to 0.95, default 0.5.</summary>
    [Range(0.05, 0.95)]
    public double SpeechThreshold { get; set; } = 0.5;

    /// <summary>Probability below which a frame counts as silence; between the two the last decision holds. 0.01 to 0.95, default 0.35.</summary>
    [Range(0.01, 0.95)]
    public double SilenceThreshold { get; set; } = 0.35;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SilenceThreshold > SpeechThreshold)
        {
            yield return new ValidationResult(
                $"{nameof(SilenceThreshold)} ({SilenceThreshold}) must not be above {nameof(SpeechThreshold)} ({SpeechThreshold}): lower it.",
                [nameof(SilenceThreshold)]);
        }

        if (StartAfterSpeech + PreRoll >= MaxUtterance)
        {
            yield return new ValidationResult(
                $"{nameof(MaxUtterance)} ({MaxUtterance}) must be longer than {nameof(PreRoll)} and {nameof(StartAfterSpeech)} together: raise it.",
                [nameof(MaxUtterance)]);
        }
    }
}
