using Fleet.Silo.Ingest;

namespace Fleet.Silo.Transcription;

/// <summary>An utterance that this silo is to transcribe, with its audio.</summary>
internal sealed class TranscriptionJob(JobKey key, PooledAudio audio, long acceptedTimestamp)
{
    public JobKey Key { get; } = key;

    /// <summary>Owned by the job.</summary>
    public PooledAudio Audio { get; } = audio;

    public long AcceptedTimestamp { get; } = acceptedTimestamp;

    /// <summary>Failures since the endpoint last failed at everything, each while it worked.</summary>
    public int Faults { get; private set; }

    private long _firstFaultTimestamp;
    private int _refusals;

    /// <summary>It failed at this utterance, and works: true when that has happened often and for long enough to give the utterance up.</summary>
    public bool CountFault(ScoringOptions options, TimeProvider time)
    {
        if (Faults++ == 0)
        {
            _firstFaultTimestamp = time.GetTimestamp();
        }

        return Faults >= options.MaxAttempts && time.GetElapsedTime(_firstFaultTimestamp) >= options.GiveUpAfter;
    }

    /// <summary>It refused this utterance, and works: true the second time in a row, since the first time it may have refused everything until just then.</summary>
    public bool CountRefusal() => ++_refusals >= 2;

    /// <summary>The endpoint fails at everything: what it did with this utterance says nothing, also while it went down.</summary>
    public void ForgetFaults() => (Faults, _refusals) = (0, 0);
}
