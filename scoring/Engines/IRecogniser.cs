using Fleet.Audio;

namespace Fleet.Scoring.Engines;

/// <summary>What one worker recognises with. Not thread safe.</summary>
internal interface IRecogniser : IDisposable
{
    /// <summary>Recognises recordings of one bucket; the results are in the same order.</summary>
    /// <exception cref="OperationCanceledException">Nobody wants the results any more, and the engine could stop.</exception>
    IReadOnlyList<Recognition> Recognise(IReadOnlyList<ReadOnlyMemory<short>> recordings, CancellationToken cancellationToken);
}
