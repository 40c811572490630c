namespace Fleet.Silo.Transcription;

/// <summary>Those that wait, by their devices, which take turns: a device that says much waits for itself.</summary>
internal sealed class Lane
{
    private static readonly IComparer<TranscriptionJob> _bySpoken = Comparer<TranscriptionJob>.Create(static (a, b) =>
        a.SpokenAt != b.SpokenAt ? a.SpokenAt.CompareTo(b.SpokenAt) : a.Number.CompareTo(b.Number));

    private readonly Dictionary<string, SortedSet<TranscriptionJob>> _devices = [];
    private readonly LinkedList<string> _turns = new();

    public int Count { get; private set; }

    public void Add(TranscriptionJob job)
    {
        var device = job.Key.Utterance.DeviceId;
        if (!_devices.TryGetValue(device, out var jobs))
        {
            _devices.Add(device, jobs = new SortedSet<TranscriptionJob>(_bySpoken));
            _turns.AddLast(device);
        }

        Count += jobs.Add(job) ? 1 : 0;
    }

    /// <summary>Takes it out. The device's next turn comes after those of the others.</summary>
    public bool Take(TranscriptionJob job)
    {
        var device = job.Key.Utterance.DeviceId;
        if (!_devices.TryGetValue(device, out var jobs) || !jobs.Remove(job))
        {
            return false;
        }

        Count--;
        _turns.Remove(device);
        if (jobs.Count == 0)
        {
            _devices.Remove(device);
        }
        else
        {
            _turns.AddLast(device);
        }

        return true;
    }

    /// <summary>The first so many, in the order in which their turns come.</summary>
    /// <param name="atMost">So many.</param>
    /// <param name="newestFirst">Of each device; else its oldest first.</param>
    public List<TranscriptionJob> InTurn(int atMost, bool newestFirst)
    {
        List<TranscriptionJob> found = [];
        List<IEnumerator<TranscriptionJob>> rows = [.. _turns.Take(atMost).Select(device => (newestFirst ? _devices[device].Reverse() : _devices[device]).GetEnumerator())];
        while (rows.Count > 0 && found.Count < atMost)
        {
            for (var i = 0; i < rows.Count && found.Count < atMost; i++)
            {
                if (rows[i].MoveNext())
                {
                    found.Add(rows[i].Current);
                }
                else
                {
                    rows.RemoveAt(i--);
                }
            }
        }

        return found;
    }

    /// <summary>The one that was spoken first.</summary>
    public TranscriptionJob? Oldest() => Count == 0 ? null : _devices.Values.Select(static jobs => jobs.Min).OfType<TranscriptionJob>().Min(_bySpoken);

    /// <summary>Those spoken at that time or before.</summary>
    public List<TranscriptionJob> SpokenUntil(DateTimeOffset time) =>
        [.. _devices.Values.SelectMany(jobs => jobs.TakeWhile(job => job.SpokenAt <= time))];
}
