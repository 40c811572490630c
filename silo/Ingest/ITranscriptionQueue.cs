namespace Fleet.Silo.Ingest;

/// <summary>Where utterances go once they are committed.</summary>
internal interface ITranscriptionQueue
{
    /// <summary>True: the queue owns the audio now. False: it is full, and the row must be given back.</summary>
    bool TryAccept(PendingUtterance utterance, long ownerEpoch, int attempt);
}
