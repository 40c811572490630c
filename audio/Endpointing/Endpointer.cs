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

    // The frame being filled. Its first _frameKept samples are already in the history (Flush takes them before the frame is full).
    private readonly short[] _frame = new short[FrameSamples];
    private int _frameLength;
    private int _frameKept;

    private long _utteranceStart;

    // Everything before this index was delivered or passed over for good: it is never delivered again.
    private long _delivered;

    // The last utterance was ended by length, not by a real pause: what is said next belongs to it and follows without a gap.
    private bool _continues;

    /// <summary>Creates an endpointer over one stream; <paramref name="vad"/> stays the caller's to dispose.</summary>
    public Endpointer(EndpointerOptions options, IVadStream vad, IUtteranceSink sink)
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
        _history = new SampleRing(Math.Max(_preRoll + _speech.MaxOnsetSamples, _endAfterSilence) + (2 * FrameSamples));
    }

    /// <summary>Whether an utterance is open.</summary>
    public bool InUtterance { get; private set; }

    /// <summary>Samples pushed so far.</summary>
    public long Position { get; private set; }

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

        if (!InUtterance && _speech.Heard > 0 && _delivered < Position)
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
        _speech.Take(_vad.Push(_frame), _frameLength, Position - _frameLength);
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
        if (_delivered == Position || !(_continues ? _speech.IsSpeech : _speech.IsConfirmed))
        {
            return false;
        }

        Start(_continues ? _delivered : OnsetWithPreRoll());
        return true;
    }

    private void EndAtPause()
    {
        if (_speech.Silence >= _endAfterSilence)
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
