using Fleet.Audio.Keywords;
using Fleet.DeviceAgent.Health;
using Fleet.DeviceAgent.Hooks;
using Fleet.DeviceAgent.Logging;

namespace Fleet.DeviceAgent.Keywords;

/// <summary>What keywords have to do with the rest of the device: health, log, hooks, counts, near misses that are kept.</summary>
internal sealed partial class KeywordWatch(DeviceHealth health, LogGate gate, NearMissStore? nearMisses, ILogger logger, DeviceHooks? hooks = null)
{
    /// <summary>Sound that is kept of a near miss: its last seconds.</summary>
    public const long NearMissSamples = 3 * 16_000;

    private readonly HashSet<string> _troubled = new(StringComparer.Ordinal);
    private bool _isFaulty;
    private long _wakes;
    private long _nearMisses;

    /// <summary>Keywords heard since the start.</summary>
    public long Wakes => Interlocked.Read(ref _wakes);

    /// <summary>What came near a keyword since the start.</summary>
    public long NearMisses => Interlocked.Read(ref _nearMisses);

    public void OnModels(KeywordModelSet set)
    {
        _isFaulty = set.Faults.Count > 0;
        _troubled.IntersectWith(set.Models.Select(static model => model.Description.Id));
        SetFaulty();
        health.Set(DeviceHealth.KeywordsUnheard, set.Models.Count == 0);
    }

    public void OnWake(KeywordDetection detection, long position)
    {
        Interlocked.Increment(ref _wakes);
        hooks?.Raise(new HookCall(HookEvent.Woken) { Keyword = detection.Keyword });
        LogWake(detection.Keyword, detection.Score, detection.ModelId, (position - detection.EndSample) / 16);
    }

    public void OnNearMiss(KeywordDetection nearMiss, short[] samples)
    {
        var count = Interlocked.Increment(ref _nearMisses);
        LogNearMiss(nearMiss.Keyword, nearMiss.Score, nearMiss.ModelId, count);
        try
        {
            nearMisses?.Keep(samples);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            if (gate.TryPass("near-miss", out _))
            {
                LogNotKept(ex.Message);
            }
        }
    }

    public void OnFault(string modelId, string reason)
    {
        _isFaulty = true;
        SetFaulty();
        if (gate.TryPass("keyword-fault", out var heldBack))
        {
            LogFault(modelId, reason, heldBack);
        }
    }

    /// <summary>An engine does not work and is started again, or (null) works again.</summary>
    public void OnTrouble(string modelId, string? reason)
    {
        var isNews = reason is null ? _troubled.Remove(modelId) : _troubled.Add(modelId);
        SetFaulty();
        if (reason is null)
        {
            LogWell(modelId);
        }
        else if (isNews || gate.TryPass("keyword-trouble", out _))
        {
            LogTrouble(modelId, reason);
        }
    }

    private void SetFaulty() => health.Set(DeviceHealth.KeywordModelFaulty, _isFaulty || _troubled.Count > 0);

    [LoggerMessage(610, LogLevel.Debug, "Keyword {Keyword} with {Score:0.000} by model {ModelId}, {Milliseconds} ms after its end")]
    private partial void LogWake(string keyword, float score, string modelId, long milliseconds);

    [LoggerMessage(611, LogLevel.Debug, "Near miss: {Keyword} with {Score:0.000} by model {ModelId}, the {Count}. since the start")]
    private partial void LogNearMiss(string keyword, float score, string modelId, long count);

    [LoggerMessage(612, LogLevel.Error, "Keyword model {ModelId} failed and is not asked until it is exchanged or the agent is started again: {Reason} ({HeldBack} more like it)")]
    private partial void LogFault(string modelId, string reason, int heldBack);

    [LoggerMessage(613, LogLevel.Warning, "A near miss cannot be kept: {Reason}")]
    private partial void LogNotKept(string reason);

    [LoggerMessage(614, LogLevel.Error, "Keyword model {ModelId} does not work; it is started again, and its keywords are not heard meanwhile: {Reason}")]
    private partial void LogTrouble(string modelId, string reason);

    [LoggerMessage(615, LogLevel.Information, "Keyword model {ModelId} works again")]
    private partial void LogWell(string modelId);
}
