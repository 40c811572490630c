using Fleet.V1;

namespace Fleet.DeviceAgent.Spool;

internal sealed partial class UtteranceSpool
{
    private readonly List<SpoolLoss> _losses = [];

    /// <summary>Utterances that are lost and of which the cloud does not know yet, oldest first.</summary>
    public IReadOnlyList<SpoolLoss> Losses
    {
        get
        {
            lock (_lock)
            {
                return [.. _losses];
            }
        }
    }

    /// <summary>The cloud has committed the loss.</summary>
    public void ForgetLoss(string utteranceId)
    {
        lock (_lock)
        {
            _losses.RemoveAll(loss => loss.UtteranceId == utteranceId);
        }
    }

    /// <summary>The lowest number that is not answered for good: of an utterance in the spool or of a loss; else the next one.</summary>
    public ulong SettledBelow(ulong nextSequenceNumber)
    {
        lock (_lock)
        {
            var lowest = nextSequenceNumber;
            foreach (var number in _entries.Keys)
            {
                lowest = Math.Min(lowest, number);
                break;
            }

            return _losses.Aggregate(lowest, (least, loss) => Math.Min(least, loss.SequenceNumber));
        }
    }

    /// <summary>The cloud will never take it: out of the way, kept for a look, and its loss reported.</summary>
    public void Reject(SpoolEntry entry, string reason)
    {
        Lose(entry, UtteranceLost.Types.Reason.Rejected, reason);
        Quarantine(entry, reason);
    }

    private void Lose(SpoolEntry entry, UtteranceLost.Types.Reason reason, string detail)
    {
        var start = entry.Start;
        lock (_lock)
        {
            _losses.Add(new SpoolLoss(start.UtteranceId, start.SequenceNumber, start.StartedAtUnixMs, start.Clock, start.Trigger, reason, detail, entry.LengthBytes));
        }

        Changed?.Invoke(null);
    }
}
