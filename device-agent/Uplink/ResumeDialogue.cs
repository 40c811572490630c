using Fleet.DeviceAgent.Spool;
using Fleet.V1;

namespace Fleet.DeviceAgent.Uplink;

/// <summary>
/// Asks, at the start of a session, where things stand at the cloud: what an earlier session or run may have sent of what waits in the spool,
/// and, when the cluster's storage is another than it was, what was stored and is kept. One question at a time, each bounded in size and in how
/// long it is waited for. The session's loop asks, its reading side answers.
/// </summary>
internal sealed class ResumeDialogue(UplinkContext context, Welcome welcome, bool isSupported)
{
    /// <summary>The protocol's bound.</summary>
    public const int MaxIds = 256;

    private readonly Lock _lock = new();
    private readonly Queue<SpoolEntry> _kept = new(IsToAskForKept(context, welcome, isSupported) ? context.Spool.Kept : []);
    private readonly Dictionary<string, SpoolEntry> _keptInQuestion = [];
    private bool _isGenerationDue = isSupported && welcome.StorageGeneration.Length > 0;
    private bool _isWaiting;
    private bool _isOver = !isSupported;
    private long _askedAt;

    /// <summary>What the cluster said in this session.</summary>
    public string StorageGeneration => welcome.StorageGeneration;

    /// <summary>Until when the open question is waited for; null when none is open.</summary>
    public TimeSpan? GivesUpIn
    {
        get
        {
            lock (_lock)
            {
                return _isWaiting ? context.Options.ResumeTimeout - context.Time.GetElapsedTime(_askedAt) : null;
            }
        }
    }

    /// <summary>The next question; null while one is open, or when there is none.</summary>
    public ResumeQuery? Next()
    {
        lock (_lock)
        {
            if (_isWaiting || _isOver)
            {
                return null;
            }

            var query = new ResumeQuery { UtteranceIds = { context.Queue.TakeQuestions(MaxIds) } };
            while (query.UtteranceIds.Count == 0 && _keptInQuestion.Count < MaxIds && _kept.TryDequeue(out var entry))
            {
                _keptInQuestion[entry.Id] = entry;
            }

            query.UtteranceIds.Add(_keptInQuestion.Keys);
            if (query.UtteranceIds.Count == 0)
            {
                return null;
            }

            _isWaiting = true;
            _askedAt = context.Time.GetTimestamp();
            return query;
        }
    }

    /// <summary>True once, when nothing that was kept for an older generation of the storage has to be asked for any more.</summary>
    public bool TryFinishGeneration()
    {
        lock (_lock)
        {
            if (!_isGenerationDue || _kept.Count > 0 || _keptInQuestion.Count > 0)
            {
                return false;
            }

            _isGenerationDue = false;
            return true;
        }
    }

    /// <summary>The cloud has not answered in time: true once. Everything is sent from its start, as to a cloud that cannot be asked.</summary>
    public bool TryGiveUp()
    {
        lock (_lock)
        {
            if (!_isWaiting || context.Time.GetElapsedTime(_askedAt) < context.Options.ResumeTimeout)
            {
                return false;
            }

            _isWaiting = false;
            _isOver = true;
            context.Queue.StopAsking();
            return true;
        }
    }

    /// <summary>What was asked for among what is kept, and is not stored any more.</summary>
    public IReadOnlyList<SpoolEntry> OnPoints(ResumePoints points)
    {
        lock (_lock)
        {
            _isWaiting = false;
            var gone = points.Points.Where(point => !point.Stored)
                .Select(point => _keptInQuestion.GetValueOrDefault(point.UtteranceId)).OfType<SpoolEntry>().ToList();
            if (!_isOver)
            {
                _keptInQuestion.Clear();
            }

            return gone;
        }
    }

    private static bool IsToAskForKept(UplinkContext context, Welcome welcome, bool isSupported) =>
        isSupported
        && welcome.StorageGeneration.Length > 0
        && context.Install.StorageGeneration.Length > 0
        && context.Install.StorageGeneration != welcome.StorageGeneration;
}
