using Fleet.Silo.Ingest;

namespace Fleet.Silo.Transcription;

/// <summary>An utterance that this silo is to transcribe, with its audio.</summary>
internal sealed class TranscriptionJob(JobKey key, PooledAudio audio, long acceptedTimestamp)
{
    public JobKey Key { get; } = key;

    /// <summary>Owned by the job.</summary>
    public PooledAudio Audio { get; } = audio;

    public long AcceptedTimestamp { get; } = acceptedTimestamp;

    /// <summary>Failures that happened while other utterances succeeded.</summary>
    public int Faults { get; private set; }

    private long _successesAtLastFault = -1;

    /// <summary>An endpoint that fails at everything says nothing about this utterance: only failures between the successes of others count.</summary>
    public void CountFault(long successesSoFar)
    {
        if (successesSoFar != _successesAtLastFault)
        {
            Faults++;
            _successesAtLastFault = successesSoFar;
        }
    }
}
