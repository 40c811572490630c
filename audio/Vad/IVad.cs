namespace Fleet.Audio;

/// <summary>Tells speech from everything else, on any number of streams. Thread safe.</summary>
public interface IVad : IDisposable
{
    /// <summary>Starts to listen to one stream of audio. Streams may run on different threads at the same time.</summary>
    IVadStream CreateStream();
}
