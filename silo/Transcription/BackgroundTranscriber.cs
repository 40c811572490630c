using Fleet.Silo.Ingest;

namespace Fleet.Silo.Transcription;

/// <inheritdoc/>
internal sealed class BackgroundTranscriber(TranscriptionQueue queue, ScoringDeployments deployments, AudioMemory memory) : IBackgroundTranscriber
{
    public IReadOnlyList<string> Deployments { get; } = [.. deployments.All.Select(static one => one.Target.Name)];

    public async Task<ScoreResult> TranscribeAsync(Guid utteranceId, PooledAudio audio, string deployment, CancellationToken cancellationToken, TimeSpan transcribeFrom = default)
    {
        ArgumentNullException.ThrowIfNull(audio);
        ArgumentNullException.ThrowIfNull(deployment);
        if (deployment.Length > 0 && !Deployments.Contains(deployment))
        {
            return ScoreResult.Refused($"There is no deployment '{deployment}': take one of {string.Join(", ", Deployments)}, or set Fleet:Scoring:Deployments.");
        }

        // A call may be under way when the caller gives up and disposes of its audio.
        var request = new BackgroundRequest(deployment);
        var job = queue.AddBackground(utteranceId, PooledAudio.CopyOf(audio.Pcm.Span, memory), request, transcribeFrom);
        try
        {
            return await request.Result.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            request.Withdraw();
            queue.Withdraw(job);
            throw;
        }
    }
}
