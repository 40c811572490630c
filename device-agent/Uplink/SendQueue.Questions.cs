using Fleet.DeviceAgent.Spool;

namespace Fleet.DeviceAgent.Uplink;

// What has to be known before something is sent: where it stands at the cloud, and when it was spoken.
internal sealed partial class SendQueue
{
    private readonly Dictionary<string, WaitingUtterance> _questions = [];
    private readonly Queue<WaitingUtterance> _corrections = [];

    /// <summary>
    /// The next ids to ask about, at most so many: what is being said now first, then the oldest. They wait until <see cref="OnPoint"/> and
    /// <see cref="OnQuestionsAnswered"/>, or <see cref="StopAsking"/>.
    /// </summary>
    public IReadOnlyList<string> TakeQuestions(int max)
    {
        lock (_lock)
        {
            if (_newest is { IsInQuestion: true } newest && _waiting.ContainsKey(newest.Entry.SequenceNumber))
            {
                _questions.Add(newest.Entry.Id, newest);
            }

            foreach (var waiting in _waiting.Values)
            {
                if (_questions.Count >= max)
                {
                    break;
                }

                if (waiting.IsInQuestion)
                {
                    _questions.TryAdd(waiting.Entry.Id, waiting);
                }
            }

            return [.. _questions.Keys];
        }
    }

    /// <summary>Where one of them stands; the entry when it is stored and waits no more.</summary>
    public SpoolEntry? OnPoint(string utteranceId, bool isStored, long receivedBytes)
    {
        lock (_lock)
        {
            if (!_questions.Remove(utteranceId, out var waiting))
            {
                // An answer that came too late: it may be on its way again by now.
                return isStored ? Land_NeedsLock(utteranceId)?.Entry : null;
            }

            waiting.IsInQuestion = false;
            if (isStored)
            {
                _waiting.Remove(waiting.Entry.SequenceNumber);
                return waiting.Entry;
            }

            // The cloud may have more than is here: a power cut took the end of what was spoken. Then only all of it will do.
            var isPart = receivedBytes > 0 && receivedBytes <= waiting.Entry.LengthBytes && receivedBytes % sizeof(short) == 0;
            waiting.ResumeFromBytes = isPart ? receivedBytes : 0;
            waiting.IsForeign = receivedBytes == 0 && waiting.IsOfAnEarlierRun;
            return null;
        }
    }

    /// <summary>The answer is read; what it did not name is sent from its start.</summary>
    public void OnQuestionsAnswered()
    {
        lock (_lock)
        {
            foreach (var waiting in _questions.Values)
            {
                waiting.IsInQuestion = false;
            }

            _questions.Clear();
        }
    }

    /// <summary>The cloud does not answer: everything is sent from its start in this session.</summary>
    public void StopAsking()
    {
        lock (_lock)
        {
            _questions.Clear();
            foreach (var waiting in _waiting.Values)
            {
                waiting.IsInQuestion = false;
            }
        }
    }

    /// <summary>Looks for what has a wrong time: the cluster has said its own, or that it has nothing of what an earlier run left.</summary>
    public void FindCorrections()
    {
        if (clock is null)
        {
            return;
        }

        lock (_lock)
        {
            _corrections.Clear();
            foreach (var waiting in _waiting.Values)
            {
                if (NeedsCorrection_NeedsLock(waiting))
                {
                    _corrections.Enqueue(waiting);
                }
            }
        }
    }

    /// <summary>The next one whose time is wrong. The caller corrects it and says so by <see cref="OnCorrected"/>.</summary>
    public bool TryTakeForCorrection(out WaitingUtterance? waiting)
    {
        lock (_lock)
        {
            // In the order of their numbers: so do their new ids sort.
            while (_corrections.TryDequeue(out waiting))
            {
                if (NeedsCorrection_NeedsLock(waiting) && waiting.Entry.TryTake())
                {
                    return true;
                }
            }

            // The one that was being recorded when the cluster was heard has ended meanwhile.
            waiting = _newest;
            return waiting is not null && NeedsCorrection_NeedsLock(waiting) && waiting.Entry.TryTake();
        }
    }

    /// <summary>The entry that takes the place of the one that was taken; the same one when that was not possible.</summary>
    public void OnCorrected(WaitingUtterance taken, SpoolEntry corrected)
    {
        taken.Entry.Release();
        lock (_lock)
        {
            if (_waiting.GetValueOrDefault(taken.Entry.SequenceNumber) != taken)
            {
                return;
            }

            var waiting = new WaitingUtterance(corrected, new Backoff(options.MinBackoff, options.MaxBackoff, random));
            _waiting[corrected.SequenceNumber] = waiting;
            if (_newest == taken)
            {
                _newest = waiting;
            }
        }
    }

    private bool NeedsCorrection_NeedsLock(WaitingUtterance waiting) =>
        clock is not null
        && !waiting.IsInQuestion
        && _waiting.GetValueOrDefault(waiting.Entry.SequenceNumber) == waiting
        && clock.Judge(waiting) == ClockVerdict.Correct;
}
