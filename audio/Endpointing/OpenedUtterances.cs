namespace Fleet.Audio;

/// <summary>Whether somebody has spoken since an utterance was opened: until then its silence is thinking, not the end.</summary>
internal sealed class OpenedUtterances
{
    // The end of the keyword may reach a little into the utterance, and is nobody's sentence.
    private const int KeywordTail = 4 * SileroVad.FrameSamples;

    private readonly int _wait;
    private readonly int _startAfterSpeech;
    private readonly (long Position, bool IsSpeech)[] _frames;
    private int _next;
    private long _openedAt;
    private long _before;

    public OpenedUtterances(int reach, int wait, int startAfterSpeech)
    {
        (_wait, _startAfterSpeech) = (wait, startAfterSpeech);
        _frames = new (long, bool)[(reach / SileroVad.FrameSamples) + 1];
    }

    /// <summary>Nobody has spoken yet.</summary>
    public bool IsWaiting { get; private set; }

    public void Take(bool isSpeech, long position)
    {
        _frames[_next] = (position, isSpeech);
        _next = (_next + 1) % _frames.Length;
    }

    public void Begin(long first, long position)
    {
        (IsWaiting, _openedAt, _before) = (true, position, 0);
        foreach (var frame in _frames)
        {
            _before += frame.IsSpeech && frame.Position >= first + KeywordTail ? SileroVad.FrameSamples : 0;
        }

        // Less than that in all that has passed is still the keyword.
        _before = _before >= 2 * KeywordTail ? _before : 0;
    }

    /// <summary>With so much speech heard since it was opened, has somebody spoken?</summary>
    public bool HasHeard(long heard)
    {
        IsWaiting = _before + heard < _startAfterSpeech;
        return !IsWaiting;
    }

    public bool IsOver(long position) => position - _openedAt >= _wait;
}
