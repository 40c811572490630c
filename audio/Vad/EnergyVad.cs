namespace Fleet.Audio;

/// <summary>
/// Takes what is clearly louder than the room for speech: what is left when <see cref="SileroVad"/> cannot be loaded. It needs no model, adapts to
/// the room, and hears speech in music or babble no better than a sound meter does (docs/audio.md has the figures).
/// </summary>
public sealed class EnergyVad : IVad
{
    /// <inheritdoc/>
    public IVadStream CreateStream() => new EnergyVadStream();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
