namespace Fleet.Cli.Keywords.Augmentation;

/// <summary>A clip in a place: what a microphone could have heard.</summary>
/// <param name="Samples">16 kHz.</param>
/// <param name="SpeechStart">First sample of the clip's speech.</param>
/// <param name="SpeechEnd">Sample after its last.</param>
internal sealed record Scene(short[] Samples, int SpeechStart, int SpeechEnd);
