using System.Globalization;
using System.Text.Json;
using Fleet.Audio;
using Fleet.Audio.Keywords;

namespace Fleet.DeviceAgent.Diagnosis;

/// <summary>What the pipeline makes of the sound, since the last look and over all: level, speech, keywords.</summary>
internal sealed class LiveMeter : IKeywordSpotterListener
{
    private const float Speech = 0.5f;
    private const double FloorDbfs = -60;
    private const int Bar = 20;

    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly SortedDictionary<string, float> _scores = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, float> _best = new(StringComparer.Ordinal);
    private readonly List<KeywordDetection> _heard = [];
    private InputLevels _levels;
    private InputLevels _allLevels;
    private float _speech;
    private long _frames;
    private long _spokenFrames;
    private int _detections;
    private string? _fault;
    private string _said = "";
    private int _saidFor;

    public TimeSpan Spoken => TimeSpan.FromSeconds(_spokenFrames * SileroVad.FrameSamples / 16_000.0);

    public void Hear(InputLevels levels)
    {
        _levels += levels;
        _allLevels += levels;
    }

    /// <summary>The detector's word on 32 ms.</summary>
    public void OnSpeech(float probability)
    {
        _speech = Math.Max(_speech, probability);
        _frames++;
        _spokenFrames += probability >= Speech ? 1 : 0;
    }

    public void OnScores(IKeywordModel model, long endSample, ReadOnlySpan<float> scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            var keyword = model.Keywords[i];
            _scores[keyword] = Math.Max(_scores.GetValueOrDefault(keyword), scores[i]);
            _best[keyword] = Math.Max(_best.GetValueOrDefault(keyword), scores[i]);
        }
    }

    public void OnDetection(KeywordDetection detection)
    {
        _detections++;
        _heard.Add(detection);
    }

    public void OnNearMiss(KeywordDetection nearMiss)
    {
    }

    public void OnFault(string modelId, string reason) => _fault = reason;

    public void OnTrouble(string modelId, string? reason) => _fault = reason;

    /// <summary>Keywords that are shown from the start, before anybody has spoken.</summary>
    public void Expect(IEnumerable<string> keywords)
    {
        foreach (var keyword in keywords)
        {
            (_scores[keyword], _best[keyword]) = (0, 0);
        }
    }

    /// <summary>Since the last look, for people; begins a new look.</summary>
    /// <param name="hold">For how many looks a keyword that was heard stays in sight.</param>
    public string TakeLine(int hold)
    {
        var filled = (int)Math.Round(Bar * Math.Clamp((_levels.PeakDbfs - FloorDbfs) / -FloorDbfs, 0, 1));
        var scores = string.Concat(_scores.Select(static one => string.Create(CultureInfo.InvariantCulture, $"  \"{one.Key}\" {one.Value:0.00}")));
        if (_heard.Count > 0)
        {
            _said = string.Concat(_heard.Select(static one => $"  heard \"{one.Keyword}\"!"));
            _saidFor = hold;
        }

        var heard = _saidFor-- > 0 ? _said : "";
        var line = string.Create(
            CultureInfo.InvariantCulture, $"   level {_levels.PeakDbfs,4:0} dBFS {new string('#', filled)}{new string('.', Bar - filled)}  speech {_speech:0.00}{scores}{heard}");
        Begin();
        return line;
    }

    /// <summary>Since the last look, for programs: one JSON object; begins a new look.</summary>
    /// <param name="at">Since the beginning.</param>
    public string TakeJson(TimeSpan at)
    {
        var line = JsonSerializer.Serialize(
            new
            {
                Check = LiveCheck.Name,
                Seconds = Math.Round(at.TotalSeconds, 1),
                PeakDbfs = Math.Round(_levels.PeakDbfs, 1),
                Speech = Math.Round(_speech, 2),
                Scores = _scores.ToDictionary(static one => one.Key, static one => Math.Round(one.Value, 2)),
                Heard = _heard.Select(static one => one.Keyword),
            },
            _json);
        Begin();
        return line;
    }

    /// <summary>What it all came to.</summary>
    /// <param name="listened">For how long.</param>
    public CheckResult Judge(TimeSpan listened)
    {
        var best = string.Concat(_best.Select(static one => string.Create(CultureInfo.InvariantCulture, $", best score of \"{one.Key}\" {one.Value:0.00}")));
        var heard = _best.Count == 0 ? "" : $", {_detections} times a keyword";
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{Spoken.TotalSeconds:0.0} s of speech in {listened.TotalSeconds:0} s, peak {_allLevels.PeakDbfs:0} dBFS{heard}{best}");
        return (_fault, _frames, _spokenFrames, _detections) switch
        {
            ({ } fault, _, _, _) => CheckResult.No(LiveCheck.Name, fault, "see docs/keywords.md"),
            (_, 0, _, _) => CheckResult.No(LiveCheck.Name, "no sound came", "mend --input; devices are listed by: arecord -L"),
            (_, _, 0, _) => CheckResult.Warning(LiveCheck.Name, $"{text}: nobody was heard", "speak while this runs; if that changes nothing, raise the capture volume (alsamixer, F4)"),
            (_, _, _, 0) when _best.Count > 0 => CheckResult.Warning(LiveCheck.Name, text, "say the keyword while this runs, from where people will be; a score that stays low: docs/keywords.md"),
            _ => CheckResult.Ok(LiveCheck.Name, text),
        };
    }

    private void Begin()
    {
        (_levels, _speech) = (default, 0);
        _heard.Clear();
        foreach (var keyword in _scores.Keys.ToList())
        {
            _scores[keyword] = 0;
        }
    }
}
