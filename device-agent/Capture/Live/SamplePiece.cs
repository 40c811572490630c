using System.Buffers;
using Fleet.Audio;

namespace Fleet.DeviceAgent.Capture.Live;

/// <summary>
/// A piece of live sound at 16 kHz, or the word that there is a gap. Whoever takes it from the queue gives its memory back, once.
/// </summary>
/// <param name="Buffer">Rented; null for a gap.</param>
/// <param name="Count">Samples in it.</param>
/// <param name="Levels">Of the sound before it was resampled and mixed.</param>
/// <param name="ArrivedAt">Timestamp of the clock when its last sample had come.</param>
internal readonly record struct SamplePiece(short[]? Buffer, int Count, InputLevels Levels, long ArrivedAt)
{
    public bool IsGap => Buffer is null;

    public ReadOnlySpan<short> Samples => Buffer.AsSpan(0, Count);

    public void Return()
    {
        if (Buffer is not null)
        {
            ArrayPool<short>.Shared.Return(Buffer);
        }
    }
}
