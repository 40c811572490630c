using Fleet.Audio;

namespace Fleet.DeviceAgent.Capture;

/// <summary>Sound from somewhere: 16,000 samples a second, one channel. Ends when the source is over.</summary>
internal interface IAudioSource : IDisposable
{
    /// <summary>For history: where the sound came from.</summary>
    string Name { get; }

    /// <summary>Fills as much of the buffer as there is; 0 only at the end.</summary>
    /// <exception cref="AudioSourceException">The source cannot be read (any further).</exception>
    int Read(Span<short> pcm16k);

    /// <summary>Levels of what was read from the source since the last call, before it was resampled and mixed.</summary>
    InputLevels TakeLevels();
}
