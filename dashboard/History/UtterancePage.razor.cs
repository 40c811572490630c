using System.Globalization;
using Fleet.Dashboard.Components.Parts;
using Fleet.Dashboard.Devices;
using Fleet.Storage;
using Fleet.V1;
using Microsoft.AspNetCore.Components;

namespace Fleet.Dashboard.History;

/// <summary>One utterance: its text, its sound, and everything that is known of it.</summary>
public sealed partial class UtterancePage
{
    private const int WaveformBars = 180;

    private UtteranceRecord? _utterance;
    private StoredAudio? _audio;
    private IReadOnlyList<float> _peaks = [];
    private IReadOnlyList<UtteranceVersion> _versions = [];
    private string? _retryProblem;

    [Parameter]
    public required string DeviceId { get; set; }

    [Parameter]
    public Guid UtteranceId { get; set; }

    [Inject]
    internal TranscriptHistory History { get; set; } = null!; // Set by the renderer.

    [Inject]
    internal AudioStore Audio { get; set; } = null!; // Set by the renderer.

    [Inject]
    internal TranscriptVersions Versions { get; set; } = null!; // Set by the renderer.

    [Inject]
    internal SiloCommands Silo { get; set; } = null!; // Set by the renderer.

    /// <summary>Present after a press of "Try again" that worked.</summary>
    [SupplyParameterFromQuery(Name = "again")]
    public string? Again { get; set; }

    // Without audio there is nothing to be heard again.
    private bool CanRetry => _utterance is { Status: UtteranceStatus.Failed, HasAudio: true };

    private bool IsTriedAgain => Again is not null && _utterance?.Status == UtteranceStatus.Stored;

    private string FileName => _utterance is null
        ? "audio.wav"
        : $"{_utterance.DeviceId}-{_utterance.StartedAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}.wav";

    protected override async Task LoadAsync()
    {
        _utterance = await History.GetAsync(DeviceId, UtteranceId, Aborted);
        if (_utterance is null)
        {
            HttpContext.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        _versions = await Versions.ListAsync(DeviceId, UtteranceId, Aborted);
        _audio = _utterance.HasAudio ? await Audio.ReadAsync(DeviceId, UtteranceId, Aborted) : null;
        if (_audio is not null)
        {
            _peaks = Waveform.Peaks(_audio.Pcm.Span, WaveformBars);
        }
    }

    private async Task RetryAsync()
    {
        if (_utterance is null)
        {
            return;
        }

        _retryProblem = await Silo.RetryAsync(_utterance.Key, Aborted);
        if (_retryProblem is null)
        {
            // A reload of what follows must not ask to send the form again.
            HttpContext.Response.Redirect($"{UtteranceLinks.Page(_utterance)}?again=1");
        }
    }

    private static string? TriggerText(Trigger trigger) => trigger switch
    {
        Trigger.Vad => "Voice activity",
        Trigger.Request => "Request from the cloud",
        Trigger.Unspecified => null,
        _ => trigger.ToString(),
    };

    private static string? EndText(UtteranceEnd.Types.Reason reason) => reason switch
    {
        UtteranceEnd.Types.Reason.Cap => "Longest length reached",
        UtteranceEnd.Types.Reason.SourceEnded => "End of the recording",
        UtteranceEnd.Types.Reason.Stopped => "Agent or button",
        UtteranceEnd.Types.Reason.Truncated => "Power or agent failed",
        UtteranceEnd.Types.Reason.Unspecified => null,
        _ => reason.ToString(),
    };

    private IEnumerable<(string Name, string Value)> Facts()
    {
        if (_utterance is not { } utterance)
        {
            return [];
        }

        (string Name, string? Value)[] all =
        [
            ("Utterance", utterance.UtteranceId.ToString()),
            ("Number", utterance.SequenceNumber.ToString(CultureInfo.InvariantCulture)),
            ("Reason", utterance.Reason),
            ("Confidence", Format.Percent(utterance.Confidence)),
            ("Trigger", TriggerText(utterance.Trigger)),
            ("Keyword", utterance.Keyword),
            ("Keyword score", Format.Percent(utterance.KeywordScore)),
            ("Keyword model", utterance.KeywordModelId),
            ("Source", utterance.Source),
            ("Ended by", EndText(utterance.EndReason)),
            ("Time", ClockView.Words(utterance.Clock)),
            ("Engine", utterance.Engine),
            ("Model", utterance.Model),
            ("Deployment", utterance.Deployment),
            ("Endpoint", utterance.Endpoint),
            ("Request", utterance.RequestId),
            ("Waited", utterance.Queued is { } queued ? Format.Duration(queued) : null),
            ("Recognised in", utterance.Scored is { } scored ? Format.Duration(scored) : null),
            ("Audio", _audio is null ? null : string.Create(CultureInfo.InvariantCulture, $"{_audio.SampleRateHz:N0} Hz, {_audio.Pcm.Length / 1024.0:N0} KiB")),
        ];
        return all.Where(fact => !string.IsNullOrEmpty(fact.Value)).Select(fact => (fact.Name, fact.Value!)); // Not null: just filtered.
    }
}
