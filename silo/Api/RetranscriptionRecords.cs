using Fleet.Contracts.Transcripts;
using Fleet.Silo.Transcription;
using Fleet.Storage;
using Fleet.V1;

namespace Fleet.Silo.Api;

/// <summary>Versions and runs as the fleet API shows them.</summary>
internal static class RetranscriptionRecords
{
    // The numbers of states are the same in database and API.
    public static V1.Retranscription From(RetranscriptionRun run) => new()
    {
        RunId = run.RunId.ToString("D"),
        State = (V1.Retranscription.Types.State)run.State,
        Deployment = run.Deployment,
        RequestedBy = run.RequestedBy,
        CreatedAtUnixMs = run.CreatedAt.ToUnixTimeMilliseconds(),
        FinishedAtUnixMs = run.FinishedAt?.ToUnixTimeMilliseconds() ?? 0,
        DecidedAtUnixMs = run.DecidedAt?.ToUnixTimeMilliseconds() ?? 0,
        DecidedBy = run.DecidedBy ?? "",
        Total = (ulong)run.Total,
        Waiting = (ulong)run.Waiting,
        Recognised = (ulong)run.Recognised,
        Skipped = (ulong)run.Skipped,
        Failed = (ulong)run.Failed,
        Promoted = (ulong)run.Promoted,
        Discarded = (ulong)run.Discarded,
        Differing = (ulong)run.Differing,
        OldWords = (ulong)run.OldWords,
        WordChanges = (ulong)run.WordEdits,
        DeviceIds = { run.Filter.DeviceIds },
        FromUnixMs = run.Filter.From?.ToUnixTimeMilliseconds() ?? 0,
        ToUnixMs = run.Filter.To?.ToUnixTimeMilliseconds() ?? 0,
        Query = run.Filter.Text ?? "",
        Statuses = { run.Filter.Statuses },
    };

    public static RetranscribedUtterance From(RetranscriptionItem item)
    {
        var utterance = new RetranscribedUtterance
        {
            DeviceId = item.Key.DeviceId,
            UtteranceId = item.Key.UtteranceId.ToString("D"),
            StartedAtUnixMs = item.StartedAt?.ToUnixTimeMilliseconds() ?? 0,
            State = (RetranscribedUtterance.Types.State)item.State,
            Reason = item.Reason ?? "",
            OldDeployment = item.OldDeployment ?? "",
        };
        if (item.OldText is { } oldText)
        {
            utterance.OldText = oldText;
        }

        if (item.NewText is { } newText)
        {
            utterance.NewText = newText;
        }

        if (item.NewConfidence is { } confidence)
        {
            utterance.Confidence = confidence;
        }

        if (item is { OldText: { } before, NewText: { } after })
        {
            utterance.Changes.AddRange(Changes(before, after));
        }

        return utterance;
    }

    /// <param name="version">One of them.</param>
    /// <param name="shown">What history shows.</param>
    public static TranscriptVersion From(UtteranceVersion version, string shown)
    {
        var record = new TranscriptVersion
        {
            Version = (uint)(version.Version ?? 0),
            Current = version.IsCurrent,
            RunId = version.RunId?.ToString("D") ?? "",
            Status = version.Status,
            Text = version.Text,
            Engine = version.Engine ?? "",
            Model = version.Model ?? "",
            Deployment = version.Deployment ?? "",
            Endpoint = version.Details.Endpoint ?? "",
            RequestId = version.RequestId ?? "",
            CreatedAtUnixMs = version.CreatedAt?.ToUnixTimeMilliseconds() ?? 0,
            Alternatives = { version.Details.Alternatives.Select(one => new RecognisedAlternative { Text = one.Text, Confidence = one.Confidence }) },
            Words = { version.Details.Words.Select(word => Word(word.Word, word.StartMs, word.EndMs, word.Confidence)) },
        };
        if (version.Confidence is { } confidence)
        {
            record.Confidence = confidence;
        }

        if (version.Details.Queued is { } queued)
        {
            record.QueuedMs = (uint)queued.TotalMilliseconds;
        }

        if (version.Details.Scored is { } scored)
        {
            record.ScoredMs = (uint)scored.TotalMilliseconds;
        }

        if (!version.IsCurrent)
        {
            record.Changes.AddRange(Changes(shown, version.Text));
        }

        return record;
    }

    public static TranscribeResponse From(ScoreResult score)
    {
        var isRecognised = score.Outcome == ScoreOutcome.Recognised;
        var response = new TranscribeResponse
        {
            Status = !isRecognised ? UtteranceStatus.Failed : score.Text.Length == 0 ? UtteranceStatus.Empty : UtteranceStatus.Transcribed,
            Text = isRecognised ? score.Text : "",
            Reason = isRecognised ? "" : score.Reason,
            Engine = score.Engine,
            Model = score.Model,
            Deployment = score.Deployment,
            Alternatives = { score.Alternatives.Select(one => new RecognisedAlternative { Text = one.Text, Confidence = one.Confidence }) },
            Words = { score.Words.Select(word => Word(word.Word, word.StartMs, word.EndMs, word.Confidence)) },
        };
        if (isRecognised && score.Confidence is { } confidence)
        {
            response.Confidence = confidence;
        }

        return response;
    }

    private static RecognisedWord Word(string word, int startMs, int endMs, float confidence) => new()
    {
        Word = word, StartMs = (uint)Math.Max(startMs, 0), EndMs = (uint)Math.Max(endMs, 0), Confidence = confidence,
    };

    private static IEnumerable<WordChange> Changes(string oldText, string newText) => WordDiff.Of(oldText, newText).Edits.Select(edit => new WordChange
    {
        Kind = edit.Kind switch
        {
            WordEditKind.Same => WordChange.Types.Kind.Same,
            WordEditKind.Substituted => WordChange.Types.Kind.Substituted,
            WordEditKind.Deleted => WordChange.Types.Kind.Deleted,
            _ => WordChange.Types.Kind.Inserted,
        },
        Old = edit.Old,
        New = edit.New,
    });
}
