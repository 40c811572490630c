using System.Diagnostics.Metrics;

namespace Fleet.Silo.Telemetry;

/// <summary>Every metric of the silo, named in one place. Tags have few values: never a device id.</summary>
internal sealed class FleetInstruments
{
    public const string MeterName = "Fleet.Silo";

    private readonly UpDownCounter<long> _sessions;
    private readonly Counter<long> _sessionsEnded;
    private readonly Counter<long> _audioBytes;
    private readonly Counter<long> _utterances;
    private readonly Counter<long> _losses;
    private readonly Histogram<double> _ackSeconds;
    private readonly Histogram<double> _commitSeconds;
    private readonly Histogram<int> _commitUtterances;
    private readonly Counter<long> _commitRetries;
    private readonly Histogram<double> _scoreSeconds;
    private readonly Counter<long> _scoreCalls;
    private readonly Histogram<int> _batchUtterances;
    private readonly Histogram<double> _batchSeconds;
    private readonly Counter<long> _requestBytes;
    private readonly Counter<long> _extraCalls;
    private readonly Counter<double> _bandwidthDelays;
    private readonly Counter<long> _transcripts;
    private readonly Histogram<double> _transcriptSeconds;

    public FleetInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _sessions = meter.CreateUpDownCounter<long>("fleet.ingest.sessions", "{session}", "Open sessions of devices.");
        _sessionsEnded = meter.CreateCounter<long>("fleet.ingest.sessions.ended", "{session}", "Sessions that ended, by status.");
        _audioBytes = meter.CreateCounter<long>("fleet.ingest.audio", "By", "PCM received.");
        _utterances = meter.CreateCounter<long>("fleet.ingest.utterances", "{utterance}", "Utterances answered, by outcome.");
        _losses = meter.CreateCounter<long>("fleet.ingest.losses", "{utterance}", "Utterances that devices reported as lost, by reason.");
        _ackSeconds = meter.CreateHistogram<double>("fleet.ingest.ack.duration", "s", "From the last byte of an utterance to its answer.");
        _commitSeconds = meter.CreateHistogram<double>("fleet.storage.commit.duration", "s", "One group commit.");
        _commitUtterances = meter.CreateHistogram<int>("fleet.storage.commit.size", "{utterance}", "Utterances in one group commit.");
        _commitRetries = meter.CreateCounter<long>("fleet.storage.commit.retries", "{commit}", "Group commits that failed and are tried again.");
        _scoreSeconds = meter.CreateHistogram<double>("fleet.transcription.call.duration", "s", "One call of the scoring endpoint.");
        _scoreCalls = meter.CreateCounter<long>("fleet.transcription.calls", "{call}", "Calls of the scoring endpoint, by outcome and deployment.");
        _batchUtterances = meter.CreateHistogram<int>("fleet.transcription.batch.size", "{utterance}", "Utterances in one call.");
        _batchSeconds = meter.CreateHistogram<double>("fleet.transcription.batch.audio", "s", "Audio in one call.");
        _requestBytes = meter.CreateCounter<long>("fleet.transcription.request.size", "By", "Bodies that were sent to the endpoint, by deployment.");
        _extraCalls = meter.CreateCounter<long>(
            "fleet.transcription.calls.extra", "{call}", "Calls that would not be needed if all went well, by kind: retry, split, canary.");
        _bandwidthDelays = meter.CreateCounter<double>(
            "fleet.transcription.bandwidth.delay", "s", "Time by which a managed endpoint says that it delayed calls for its bandwidth, by deployment.");
        _transcripts = meter.CreateCounter<long>("fleet.transcription.transcripts", "{utterance}", "Transcripts written, by status.");
        _transcriptSeconds = meter.CreateHistogram<double>(
            "fleet.transcription.duration", "s", "From the commit of an utterance to its transcript.");
        Meter = meter;
    }

    /// <summary>For gauges that read what another object already counts.</summary>
    public Meter Meter { get; }

    public void OnSessionOpened() => _sessions.Add(1);

    public void OnSessionEnded(string status)
    {
        _sessions.Add(-1);
        _sessionsEnded.Add(1, new KeyValuePair<string, object?>("status", status));
    }

    public void OnAudioReceived(int bytes) => _audioBytes.Add(bytes);

    public void OnUtteranceAnswered(string outcome, TimeSpan sinceReceived)
    {
        _utterances.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        _ackSeconds.Record(sinceReceived.TotalSeconds);
    }

    public void OnLossStored(string reason) => _losses.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void OnCommitted(int utterances, TimeSpan elapsed)
    {
        _commitUtterances.Record(utterances);
        _commitSeconds.Record(elapsed.TotalSeconds);
    }

    public void OnCommitRetried() => _commitRetries.Add(1);

    public void OnCalled(string deployment, string outcome, TimeSpan elapsed, int utterances, double audioSeconds, long requestBytes)
    {
        var byDeployment = new KeyValuePair<string, object?>("deployment", deployment);
        _scoreCalls.Add(1, new KeyValuePair<string, object?>("outcome", outcome), byDeployment);
        _scoreSeconds.Record(elapsed.TotalSeconds, byDeployment);
        _batchUtterances.Record(utterances, byDeployment);
        _batchSeconds.Record(audioSeconds, byDeployment);
        _requestBytes.Add(requestBytes, byDeployment);
    }

    public void OnExtraCall(string kind) => _extraCalls.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void OnBandwidthDelayed(string deployment, TimeSpan delay) =>
        _bandwidthDelays.Add(delay.TotalSeconds, new KeyValuePair<string, object?>("deployment", deployment));

    public void OnTranscribed(string status, TimeSpan sinceAccepted)
    {
        _transcripts.Add(1, new KeyValuePair<string, object?>("status", status));
        _transcriptSeconds.Record(sinceAccepted.TotalSeconds);
    }
}
