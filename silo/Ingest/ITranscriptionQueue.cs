namespace Fleet.Silo.Ingest;

/// <summary>Where utterances go once they are committed.</summary>
internal interface ITranscriptionQueue
{
    /// <summary>About how many it would take now.</summary>
    int Room { get; }

    /// <summary>True: the queue owns the audio now. False: it is full, and the row must be given back.</summary>
    bool TryAccept(PendingUtterance utterance, long ownerEpoch, int attempt);
}
