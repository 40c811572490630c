using Fleet.Silo.Ingest;

namespace Fleet.Silo.Transcription;

/// <summary>An utterance that this silo is to transcribe, with its audio. Changed by whoever holds it: the queue, or the call that it is in.</summary>
internal sealed class TranscriptionJob(
    JobKey key, PooledAudio audio, long acceptedTimestamp, DateTimeOffset spokenAt, long number, TimeSpan transcribeFrom = default)
{
    private const double BytesPerSecond = 32_000;

    private readonly int _skipped = Skipped(audio, transcribeFrom);
    private readonly int _bytes = audio.Length - Skipped(audio, transcribeFrom);
    private long _firstFaultTimestamp;
    private int _refusals;

    public JobKey Key { get; } = key;

    /// <summary>Owned by the job, unless it is <see cref="Background"/>.</summary>
    public PooledAudio Audio { get; } = audio;

    /// <summary>Where in the audio begins what is to be transcribed.</summary>
    public TimeSpan TranscribeFrom => transcribeFrom;

    /// <summary>What is to be transcribed.</summary>
    public ReadOnlyMemory<byte> Pcm => Audio.Pcm[_skipped..];

    /// <summary>Of what is to be transcribed. Kept, since the audio may be gone by the time it is asked for.</summary>
    public double Seconds => _bytes / BytesPerSecond;

    public long AcceptedTimestamp { get; } = acceptedTimestamp;

    /// <summary>When its speech ended.</summary>
    public DateTimeOffset SpokenAt { get; } = spokenAt;

    /// <summary>Of those that the queue took.</summary>
    public long Number { get; } = number;

    /// <summary>Set for what is not live: who waits for the result, which is written nowhere.</summary>
    public BackgroundRequest? Background { get; init; }

    /// <summary>Calls that it was in.</summary>
    public int Calls { get; set; }

    /// <summary>Of these, how many ended without an answer in time.</summary>
    public int TimeOuts { get; set; }

    /// <summary>Utterances that may be in one call with it: fewer after a time-out, itself alone when it is under suspicion.</summary>
    public int MaxCompany { get; set; } = int.MaxValue;

    /// <summary>While it rests: until when.</summary>
    public long RestsUntil { get; set; }

    /// <summary>Failures since the endpoint last failed at everything, each while it worked.</summary>
    public int Faults { get; private set; }

    /// <summary>Bytes that it takes of a body of that format, about.</summary>
    public long RequestBytes(ScoringFormat format) => format == ScoringFormat.Batch ? (_bytes * 4L / 3) + 128 : _bytes * 11L / 2;

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

    // Whole samples.
    private static int Skipped(PooledAudio audio, TimeSpan transcribeFrom) =>
        Math.Min(audio.Length, sizeof(short) * (int)(transcribeFrom.TotalSeconds * BytesPerSecond / sizeof(short)));
}
