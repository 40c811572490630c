using Fleet.Audio;

namespace Fleet.UnitTests.Audio.Endpointing;

/// <summary>A detector whose answers are written down beforehand, one a frame; silence after the last.</summary>
internal sealed class ScriptedVad(IReadOnlyList<float> probabilities) : IVadStream
{
    private int _frame;

    public int Resets { get; private set; }

    /// <summary>Runs of frames: `Script((10, 0), (20, 1))` is 10 frames of silence and 20 of speech.</summary>
    public static float[] Script(params (int Frames, float Probability)[] runs) =>
        [.. runs.SelectMany(static run => Enumerable.Repeat(run.Probability, run.Frames))];

    public float Push(ReadOnlySpan<short> frame512) => _frame < probabilities.Count ? probabilities[_frame++] : 0;

    public void Reset() => Resets++;

    public void Dispose()
    {
    }
}
