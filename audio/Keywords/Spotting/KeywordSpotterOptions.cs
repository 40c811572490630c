using System.ComponentModel.DataAnnotations;

namespace Fleet.Audio.Keywords;

/// <summary>How a stream of sound is listened to for keywords.</summary>
public sealed class KeywordSpotterOptions
{
    /// <summary>How each model is used.</summary>
    [Required]
    public KeywordStreamOptions Stream { get; set; } = new();

    /// <summary>Look for keywords only while somebody may be speaking. Default true: it saves most of the work in a quiet room.</summary>
    public bool SpeechOnly { get; set; } = true;

    /// <summary>Probability of speech from which somebody may be speaking. 0.01 to 0.95, default 0.2: a missed keyword is worse than some work.</summary>
    [Range(0.01, 0.95)]
    public double SpeechProbability { get; set; } = 0.2;

    /// <summary>How long a second recogniser may take to agree, counted in sound. 0 to 3 seconds, default 1.3 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:03")]
    public TimeSpan AgreeWithin { get; set; } = TimeSpan.FromSeconds(1.3);
}
