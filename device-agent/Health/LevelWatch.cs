using Fleet.Audio;
using Fleet.DeviceAgent.Logging;

namespace Fleet.DeviceAgent.Health;

/// <summary>
/// Notices a microphone that is set too loud, is offset or gives nothing, and says so once for each change. Levels come in pieces, utterances
/// begin before they are noticed: the last pieces are kept until then. Not thread safe.
/// </summary>
internal sealed partial class LevelWatch(DeviceHealth health, LogGate gate, ILogger logger)
{
    // Pieces of 100 ms: more than the longest pre-roll with the longest onset.
    private const int KeptPieces = 128;

    // One good utterance after a bad one is chance; the speaker has moved.
    private const int GoodUtterancesToClear = 3;

    private const int QuietUtterancesToTell = 3;

    // People are silent for long, converters are not.
    private const long SilenceSamples = 30 * 16_000;

    private readonly (long End, InputLevels Levels)[] _pieces = new (long, InputLevels)[KeptPieces];
    private int _next;
    private bool _isOpen;
    private InputLevels _utterance;
    private InputLevels _window;
    private long _windowSamples;
    private bool _isDead;
    private int _good;
    private int _quiet;
    private string _source = "";

    /// <summary>Sound from this source follows.</summary>
    public void BeginSource(string source) => _source = source;

    /// <summary>The piece that ends at <paramref name="end"/> comes next.</summary>
    public void Hear(long end, InputLevels levels)
    {
        _pieces[_next] = (end, levels);
        _next = (_next + 1) % KeptPieces;
        if (_isOpen)
        {
            _utterance += levels;
        }
    }

    /// <summary>As <see cref="Hear"/>, from a microphone: one that gives nothing for long is told of.</summary>
    public void HearLive(long end, int samples, InputLevels levels)
    {
        Hear(end, levels);
        _window += levels;
        _windowSamples += samples;
        var (isSilent, isFlat) = ((_window.Faults & InputFaults.Silent) != 0, (_window.Faults & InputFaults.Flat) != 0);
        if (_windowSamples < SilenceSamples && (isSilent || isFlat || !_isDead))
        {
            return;
        }

        _isDead = isSilent || isFlat;
        var isNews = health.Set(DeviceHealth.MicrophoneSilent, isSilent) | health.Set(DeviceHealth.MicrophoneFlat, isFlat);
        if (isNews && isSilent)
        {
            LogSilent(_source, SilenceSamples / 16_000);
        }
        else if (isNews && isFlat)
        {
            LogFlat(_source, SilenceSamples / 16_000);
        }
        else if (isNews)
        {
            LogNotSilent(_source);
        }

        (_window, _windowSamples) = (default, 0);
    }

    /// <summary>An utterance begins, at a sample that has been heard already.</summary>
    public void OnStart(long firstSample)
    {
        _isOpen = true;
        _utterance = default;
        foreach (var (end, levels) in _pieces)
        {
            _utterance += end > firstSample ? levels : default;
        }
    }

    /// <summary>It has ended.</summary>
    public void OnEnd()
    {
        if (!_isOpen)
        {
            return;
        }

        _isOpen = false;
        LogLevels(_source, _utterance.PeakDbfs, _utterance.RmsDbfs, 100 * _utterance.FullScaleShare, _utterance.DcOffsetPercent);
        var faults = _utterance.SpeechFaults & (InputFaults.Clipping | InputFaults.DcOffset | InputFaults.Quiet);
        _quiet = (faults & InputFaults.Quiet) != 0 ? _quiet + 1 : 0;
        _good = faults == InputFaults.None ? _good + 1 : 0;
        if ((faults & InputFaults.Clipping) != 0 && health.Set(DeviceHealth.SoundClipped, true) && gate.TryPass("clipped", out _))
        {
            LogClipped(_source, 100 * _utterance.FullScaleShare);
        }

        if ((faults & InputFaults.DcOffset) != 0 && health.Set(DeviceHealth.SoundOffset, true) && gate.TryPass("dc-offset", out _))
        {
            LogOffset(_source, _utterance.DcOffsetPercent);
        }

        // One is somebody far away; all are a microphone that is set too low.
        if (_quiet >= QuietUtterancesToTell && health.Set(DeviceHealth.SoundQuiet, true) && gate.TryPass("quiet", out _))
        {
            LogQuiet(_source, _utterance.PeakDbfs);
        }

        if (_good >= GoodUtterancesToClear
            && (health.Set(DeviceHealth.SoundClipped, false) | health.Set(DeviceHealth.SoundOffset, false) | health.Set(DeviceHealth.SoundQuiet, false)))
        {
            LogGood(_source, GoodUtterancesToClear);
        }
    }
}
