using System.Collections.Concurrent;
using Fleet.Silo.Transcription;

namespace Fleet.Benchmarks.Batching;

/// <summary>Says the utterances of a load at their times and watches what becomes of them.</summary>
internal sealed class LoadRun
{
    /// <summary>Enough for what is in flight when a load ends.</summary>
    public static readonly TimeSpan ShortGrace = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Guid, (TimeSpan At, bool Recognised)> _done = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private long _started;

    /// <param name="kind">The policy.</param>
    /// <param name="target">The endpoint.</param>
    /// <param name="load">For the report.</param>
    /// <param name="utterances">In the order of their times.</param>
    /// <param name="grace">How long after the load's end what is still open is waited for.</param>
    /// <param name="isPoisoned">Ids of which no transcript is expected.</param>
    public static Task<LoadResult> RunAsync(
        PolicyKind kind, ScoringTarget target, double load, IReadOnlyList<Spoken> utterances, TimeSpan grace, IReadOnlySet<Guid>? isPoisoned = null) =>
        new LoadRun().MeasureAsync(kind, target, load, utterances, grace, isPoisoned ?? new HashSet<Guid>());

    private async Task<LoadResult> MeasureAsync(
        PolicyKind kind, ScoringTarget target, double load, IReadOnlyList<Spoken> utterances, TimeSpan grace, IReadOnlySet<Guid> poisoned)
    {
        await using (var policy = kind.Start(target, (id, recognised) => _done.TryAdd(id, (_time.GetElapsedTime(_started), recognised))))
        {
            // A first call makes connection and code warm; it is not of the load.
            policy.Say(utterances[0] with { Id = Guid.NewGuid() });
            await WaitAsync(1, TimeSpan.FromSeconds(20));
            _done.Clear();
            _started = _time.GetTimestamp();
            foreach (var utterance in utterances)
            {
                var wait = utterance.EndsAt - _time.GetElapsedTime(_started);
                if (wait > TimeSpan.FromMilliseconds(1))
                {
                    await Task.Delay(wait, _time, CancellationToken.None);
                }

                policy.Say(utterance);
            }

            await WaitAsync(utterances.Count, grace);
        }

        return Report(kind.Name, load, utterances, poisoned);
    }

    private async Task WaitAsync(int count, TimeSpan atMost)
    {
        var began = _time.GetTimestamp();
        while (_done.Count < count && _time.GetElapsedTime(began) < atMost)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), _time, CancellationToken.None);
        }
    }

    private LoadResult Report(string policy, double load, IReadOnlyList<Spoken> utterances, IReadOnlySet<Guid> poisoned)
    {
        var (from, until) = (utterances[^1].EndsAt / 4, utterances[^1].EndsAt);
        List<double> latencies = [.. utterances
            .Select(one => _done.TryGetValue(one.Id, out var done) ? (done.At - one.EndsAt).TotalSeconds : double.PositiveInfinity)
            .Order()];
        return new LoadResult(
            policy,
            load,
            _done.Values.Count(done => done.Recognised && done.At > from && done.At <= until) / (until - from).TotalSeconds,
            utterances.Count,
            utterances.Count(one => _done.TryGetValue(one.Id, out var done) && !done.Recognised && !poisoned.Contains(one.Id)),
            utterances.Count(one => !_done.ContainsKey(one.Id)),
            latencies);
    }
}
