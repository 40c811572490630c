using System.Diagnostics.Metrics;
using Fleet.Audio;

namespace Fleet.Scoring.Decoding;

/// <summary>What the scoring server measures about itself: meter Fleet.Scoring.</summary>
internal sealed class ScoringInstruments : IDisposable
{
    private readonly Meter _meter;
    private readonly UpDownCounter<int> _requests;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _timedOut;
    private readonly Counter<double> _audio;
    private readonly Histogram<double> _decode;

    public ScoringInstruments(IMeterFactory meters)
    {
        _meter = meters.Create("Fleet.Scoring");
        _requests = _meter.CreateUpDownCounter<int>("fleet.scoring.requests", "{request}", "Requests being read, waiting or worked on.");
        _refused = _meter.CreateCounter<long>("fleet.scoring.refused", "{request}", "Requests refused since the queue was full.");
        _timedOut = _meter.CreateCounter<long>("fleet.scoring.timed_out", "{request}", "Requests given up since they took longer than they may.");
        _audio = _meter.CreateCounter<double>("fleet.scoring.audio", "s", "Audio recognised.");
        _decode = _meter.CreateHistogram<double>("fleet.scoring.decode.duration", "s", "Time one recording took in a decoder.");
    }

    public void OnRequestAdmitted() => _requests.Add(1);

    public void OnRequestDone() => _requests.Add(-1);

    public void OnRequestRefused() => _refused.Add(1);

    /// <summary>One call of the engine has ended; the time is shared out to its recordings.</summary>
    public void OnDecoded(TimeSpan elapsed, IReadOnlyList<Recognition> results)
    {
        foreach (var result in results)
        {
            _audio.Add(result.Duration.TotalSeconds);
            _decode.Record(elapsed.TotalSeconds / results.Count, new KeyValuePair<string, object?>("empty", result.Text.Length == 0));
        }
    }

    public void OnTimedOut() => _timedOut.Add(1);

    public void Dispose() => _meter.Dispose();
}
