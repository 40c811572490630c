namespace Fleet.Silo.Transcription;

/// <summary>
/// Tells an utterance that the endpoint cannot take from an endpoint that takes nothing: after a failure it sends half a second of faint noise. An answer to
/// that says that the endpoint works, so the fault is the utterance's. It needs nothing but the endpoint's one address, and no other traffic.
/// </summary>
internal sealed class EndpointCanary(IScoringClient client, TimeProvider time) : IDisposable
{
    /// <summary>Under which it is sent.</summary>
    public static readonly Guid Id = new("00000000-0000-7000-8000-0000000ca4a1");

    // Not plain silence: some models divide by its loudness.
    private static readonly byte[] _faintNoise = [.. Enumerable.Range(0, 8_000).SelectMany(i => BitConverter.GetBytes((short)((i * 7919 % 17) - 8)))];

    private readonly SemaphoreSlim _one = new(1);
    private long _startedAt = long.MinValue;
    private CallResult _last = CallResult.Of(CallFault.Unreachable, "Not asked yet.");

    /// <summary>The endpoint's answer, asked for after <paramref name="failedAt"/>; callers that failed together share one.</summary>
    public async Task<CallResult> AskAsync(long failedAt, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_startedAt < failedAt)
            {
                var startedAt = time.GetTimestamp();
                _last = await client.ScoreAsync([new ScoreInput(Id, _faintNoise)], Id.ToString("D"), cancellationToken);
                _startedAt = startedAt;
            }

            return _last;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
