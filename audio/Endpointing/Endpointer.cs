namespace Fleet.Audio;

/// <summary>
/// Cuts a stream of 16 kHz mono audio into utterances. Deterministic: it counts samples and reads no clock, and how the audio is chunked
/// makes no difference. Its memory is fixed at construction. Not thread safe.
/// </summary>
public sealed class Endpointer
{
    private const int SampleRateHz = 16_000;
    private const int FrameSamples = SileroVad.FrameSamples;

    private readonly IVadStream _vad;
    private readonly IUtteranceSink _sink;
    private readonly SpeechTracker _speech;
    private readonly SampleRing _history;
    private readonly int _preRoll;
    private readonly int _maxUtterance;
    private readonly int _shortPauseFrom;
    private readonly int _endAfterSilence;
    private readonly int _shortPause;

    // Null: speech starts an utterance.
    private readonly OpenedUtterances? _opened;

    // The frame being filled. Its first _frameKept samples are already in the history (Flush takes them before the frame is full).
    private readonly short[] _frame = new short[FrameSamples];
    private int _frameLength;
    private int _frameKept;

    private long _utteranceStart;

    // Everything before this index was delivered or passed over for good: it is never delivered again.
    private long _delivered;

    private float _last;
    private float _highest;

    // The last utterance was ended by length, not by a real pause: what is said next belongs to it and follows without a gap.
    private bool _continues;

    /// <summary>Creates an endpointer over one stream; <paramref name="vad"/> stays the caller's to dispose.</summary>
    public Endpointer(EndpointerOptions options, IVadStream vad, IUtteranceSink sink)
        : this(options, vad, sink, null)
    {
    }

    /// <summary>As above; with <paramref name="opened"/> utterances start by <see cref="Open"/> alone.</summary>
    public Endpointer(EndpointerOptions options, IVadStream vad, IUtteranceSink sink, EndpointerOpening? opened)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(vad);
        ArgumentNullException.ThrowIfNull(sink);
        (_vad, _sink) = (vad, sink);
        _preRoll = Samples(options.PreRoll);
        _maxUtterance = Samples(options.MaxUtterance);
        _shortPauseFrom = _maxUtterance - Math.Min(Samples(options.ShortPauseWindow), _maxUtterance / 4);
        _endAfterSilence = Samples(options.EndAfterSilence);
        _shortPause = Math.Min(Samples(options.ShortPause), _endAfterSilence);
        _speech = new SpeechTracker(options, Samples(options.StartAfterSpeech));
        var reach = opened is null ? 0 : Samples(opened.Reach);
        _opened = opened is null ? null : new OpenedUtterances(reach, Samples(opened.Wait), Samples(options.StartAfterSpeech));
        _history = new SampleRing(Math.Max(Math.Max(_preRoll + _speech.MaxOnsetSamples, _endAfterSilence), reach) + (2 * FrameSamples));
    }

    /// <summary>Whether an utterance is open.</summary>
    public bool InUtterance { get; private set; }

    /// <summary>Samples pushed so far.</summary>
    public long Position { get; private set; }

    /// <summary>The highest probability of speech since it was last asked for.</summary>
    public float TakeSpeechProbability()
    {
        var highest = _highest;
        _highest = _last;
        return highest;
    }

    /// <summary>
    /// Starts an utterance at a sample that has passed, as far as it is still kept. It ends as others do once somebody has spoken, and when nobody does
    /// after <see cref="EndpointerOpening.Wait"/>.
    /// </summary>
    public void Open(long firstSample)
    {
        if (_opened is null)
        {
            throw new InvalidOperationException("Only an endpointer that was made for it opens utterances.");
        }

        if (InUtterance)
        {
            return;
        }

        KeepFrame();
        _continues = false;
        var first = Math.Clamp(firstSample, Math.Min(Position, Math.Max(_delivered, _history.Start)), Position);
        _speech.Forget();
        _opened.Begin(first, Position);
        Start(first);
        Deliver();
    }

    /// <summary>A copy of the samples from one position to another, as far as they are still kept.</summary>
    public short[] History(long from, long to)
    {
        KeepFrame();
        (from, to) = (Math.Max(from, _history.Start), Math.Min(to, _history.End));
        var samples = new short[Math.Max(0, to - from)];
        for (var at = 0; at < samples.Length;)
        {
            var piece = _history.From(from + at);
            piece = piece[..Math.Min(piece.Length, samples.Length - at)];
            piece.CopyTo(samples.AsSpan(at));
            at += piece.Length;
        }

        return samples;
    }

    /// <summary>Takes the next samples, in chunks of any size.</summary>
    public void Push(ReadOnlySpan<short> pcm16k)
    {
        while (!pcm16k.IsEmpty)
        {
            var count = Math.Min(pcm16k.Length, FrameSamples - _frameLength);
            pcm16k[..count].CopyTo(_frame.AsSpan(_frameLength));
            pcm16k = pcm16k[count..];
            _frameLength += count;
            Position += count;
            if (_frameLength == FrameSamples)
            {
                TakeFrame();
            }
        }
    }

    /// <summary>Ends the open utterance, if any, exactly at the last sample pushed; the stream goes on.</summary>
    public void Flush(EndpointReason reason)
    {
        if (!InUtterance)
        {
            return;
        }

        KeepFrame();
        while (_delivered < Position)
        {
            if (!InUtterance)
            {
                Start(_delivered);
            }

            Deliver();
        }

        if (InUtterance)
        {
            End(reason);
        }

        _continues = false;
    }

    /// <summary>
    /// The source is over: ends the open utterance exactly at the last sample, nothing padded. Speech that has begun but is still shorter
    /// than <see cref="EndpointerOptions.StartAfterSpeech"/> becomes an utterance, too. Audio pushed later is a new stream.
    /// </summary>
    public void EndOfSource()
    {
        if (_frameLength > 0)
        {
            // The detector wants whole frames; the silence added for it is not audio and goes nowhere else.
            _frame.AsSpan(_frameLength).Clear();
            TakeFrame();
        }

        if (!InUtterance && _speech.Heard > 0 && _delivered < Position && _opened is null)
        {
            Start(OnsetWithPreRoll());
        }

        Flush(EndpointReason.SourceEnded);
        _vad.Reset();
        _speech.Reset();
        _history.Restart(Position);
        _delivered = Position;
        _continues = false;
    }

    private void TakeFrame()
    {
        _last = _vad.Push(_frame);
        _highest = Math.Max(_highest, _last);
        _speech.Take(_last, _frameLength, Position - _frameLength);
        _opened?.Take(_speech.IsSpeech, Position - _frameLength);
        KeepFrame();
        (_frameLength, _frameKept) = (0, 0);
        while (InUtterance || StartAtSpeech())
        {
            Deliver();
            if (InUtterance)
            {
                EndAtPause();
                return;
            }
        }
    }

    private void KeepFrame()
    {
        _history.Append(_frame.AsSpan(_frameKept, _frameLength - _frameKept));
        _frameKept = _frameLength;
    }

    private bool StartAtSpeech()
    {
        _continues &= _speech.Silence < _endAfterSilence;
        if (_delivered == Position || !(_continues ? _speech.IsSpeech : _opened is null && _speech.IsConfirmed))
        {
            return false;
        }

        Start(_continues ? _delivered : OnsetWithPreRoll());
        return true;
    }

    private void EndAtPause()
    {
        if (_opened is { IsWaiting: true } opened && !opened.HasHeard(_speech.Heard))
        {
            if (opened.IsOver(Position))
            {
                End(EndpointReason.Silence);
            }
        }
        else if (_speech.Silence >= _endAfterSilence)
        {
            End(EndpointReason.Silence);
        }
        else if (_speech.Silence >= _shortPause && _delivered - _utteranceStart >= _shortPauseFrom)
        {
            End(EndpointReason.Silence);
            _continues = true;
        }
    }

    private long OnsetWithPreRoll() => Math.Max(_speech.Onset - _preRoll, Math.Max(_delivered, _history.Start));

    private void Start(long first)
    {
        (_utteranceStart, _delivered) = (first, first);
        _continues = false;
        InUtterance = true;
        _sink.OnStart(first);
    }

    /// <summary>Gives what is new to the open utterance, and ends it when it reaches the longest allowed length.</summary>
    private void Deliver()
    {
        var end = Math.Min(Position, _utteranceStart + _maxUtterance);
        while (_delivered < end)
        {
            var piece = _history.From(_delivered);
            piece = piece[..(int)Math.Min(piece.Length, end - _delivered)];
            _delivered += piece.Length;
            _sink.OnAudio(piece);
        }

        if (end == _utteranceStart + _maxUtterance)
        {
            End(EndpointReason.MaxLength);
            _continues = true;
        }
    }

    private void End(EndpointReason reason)
    {
        InUtterance = false;

        // What was heard is spoken for: whoever goes on speaking starts a new utterance by the same rules as anybody.
        _speech.Forget();
        _sink.OnEnd(reason);
    }

    private static int Samples(TimeSpan time) => checked((int)Math.Round(time.TotalSeconds * SampleRateHz));
}
