using System.Collections.Concurrent;
using Fleet.Silo.Transcription;

namespace Fleet.UnitTests.Silo.Transcription;

/// <summary>Deployments that answer what the test says of each utterance; one that has no answer for one of them has none for the call.</summary>
internal sealed class FakeScoringClient : IScoringClient, IScoringClientFactory
{
    private readonly Lock _lock = new();

    public Func<Guid, ScoreResult> Answer { get; set; } = _ => Heard("");

    /// <summary>Instead, for the call as a whole.</summary>
    public Func<IReadOnlyList<Guid>, CallResult?> Whole { get; set; } = _ => null;

    /// <summary>Each call waits for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Without those of the canary.</summary>
    public ConcurrentQueue<IReadOnlyList<Guid>> Calls { get; } = new();

    public ConcurrentQueue<string> RequestIds { get; } = new();

    public static ScoreResult Heard(string text) => new(ScoreOutcome.Recognised) { Text = text };

    public IScoringClient Create(ScoringTarget target) => this;

    public async Task<CallResult> ScoreAsync(IReadOnlyList<ScoreInput> inputs, string requestId, CancellationToken cancellationToken)
    {
        List<Guid> ids = [.. inputs.Select(input => input.UtteranceId)];
        if (ids[0] != EndpointCanary.Id)
        {
            Calls.Enqueue(ids);
            RequestIds.Enqueue(requestId);
            await Gate.WaitAsync(cancellationToken);
        }

        lock (_lock)
        {
            if (Whole(ids) is { } whole)
            {
                return whole;
            }

            List<ScoreResult> items = [.. ids.Select(id => Answer(id) with { RequestId = requestId })];
            return items.Find(item => item.Outcome != ScoreOutcome.Recognised && !item.IsAboutUtterance) is not { } bad
                ? new CallResult { Items = items, Status = 200 }
                : new CallResult { Fault = FaultOf(bad.Outcome), Whole = bad, Status = bad.Outcome == ScoreOutcome.Failed ? 500 : 0 };
        }
    }

    private static CallFault FaultOf(ScoreOutcome outcome) => outcome switch
    {
        ScoreOutcome.Refused => CallFault.Refused,
        ScoreOutcome.Away => CallFault.Unreachable,
        _ => CallFault.Failed,
    };
}
