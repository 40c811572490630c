using Fleet.Silo.Ingest;
using Fleet.Silo.Telemetry;
using Fleet.Storage;
using Fleet.V1;
using Grpc.Core;

namespace Fleet.Silo.Api;

// Versions of transcripts, and runs of history through another deployment.
internal sealed partial class FleetApiService
{
    private const int MaxRuns = 50;
    private const int MaxRunPage = 200;

    // A UUID without hyphens, then the device id: where a page of a run ended.
    private const int IdDigits = 32;

    private static readonly UtteranceStatus[] _recognisable = [UtteranceStatus.Transcribed, UtteranceStatus.Empty, UtteranceStatus.Failed];

    public override Task<ListTranscriptVersionsResponse> ListTranscriptVersions(ListTranscriptVersionsRequest request, ServerCallContext context) => MapFaultsAsync(async () =>
    {
        var key = Key("", request.DeviceId, request.UtteranceId);
        if (await history.GetAsync(key.DeviceId, key.UtteranceId, context.CancellationToken) is not { } shown)
        {
            throw new RpcException(new Status(StatusCode.NotFound, $"There is no utterance {key.UtteranceId} of device {key.DeviceId}."));
        }

        var response = new ListTranscriptVersionsResponse();
        response.Versions.AddRange((await retranscription.Versions.ListAsync(key.DeviceId, key.UtteranceId, context.CancellationToken))
            .Select(version => RetranscriptionRecords.From(version, shown.Text)));
        return response;
    });

    public override Task<TranscribeResponse> Transcribe(TranscribeRequest request, ServerCallContext context) => MapFaultsAsync(async () =>
    {
        if (request.Format is not { Encoding: AudioFormat.Types.Encoding.PcmS16Le, SampleRateHz: 16_000, Channels: 1 })
        {
            throw Invalid("format must be PCM_S16LE at 16,000 Hz with 1 channel: convert the recording first.");
        }

        var max = retranscription.Ingest.Value.MaxUtteranceBytes;
        if (request.Pcm.Length is 0 || request.Pcm.Length % 2 != 0 || request.Pcm.Length > max)
        {
            throw Invalid($"pcm has {request.Pcm.Length} bytes; send whole samples, 2 to {max} bytes (Fleet:Ingest:MaxUtteranceBytes).");
        }

        CheckDeployment(request.Deployment, mayBeEmpty: true);
        if (retranscription.Memory.IsTight)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The silo holds as much audio as it may beside live speech; try again later."));
        }

        using var audio = PooledAudio.CopyOf(request.Pcm.Span, retranscription.Memory);
        return RetranscriptionRecords.From(
            await retranscription.Transcriber.TranscribeAsync(Guid.CreateVersion7(time.GetUtcNow()), audio, request.Deployment, context.CancellationToken));
    });

    public override Task<StartRetranscriptionResponse> StartRetranscription(StartRetranscriptionRequest request, ServerCallContext context) => MapFaultsAsync(async () =>
    {
        CheckDeployment(request.Deployment, mayBeEmpty: false);
        CheckName("requested_by", request.RequestedBy);
        if (request.Statuses.FirstOrDefault(status => !_recognisable.Contains(status)) is var wrong and not UtteranceStatus.Unspecified)
        {
            throw Invalid($"statuses has {wrong}; a run takes TRANSCRIBED, EMPTY and FAILED.");
        }

        var (from, to) = TimeRange(request.FromUnixMs, request.ToUnixMs);
        var run = new NewRetranscription(
            request.RunId.Length == 0 ? Guid.CreateVersion7(time.GetUtcNow()) : Uuid("run_id", request.RunId),
            request.Deployment,
            new RetranscriptionFilter
            {
                DeviceIds = [.. request.DeviceIds], From = from, To = to, Text = request.Query, Statuses = [.. request.Statuses.Where(_recognisable.Contains)],
            },
            request.RequestedBy);
        var max = retranscription.Options.Value.MaxUtterances;
        switch (await retranscription.Runs.StartAsync(run, max, context.CancellationToken))
        {
            case StartRetranscriptionOutcome.NothingFound:
                throw new RpcException(new Status(StatusCode.NotFound, "No utterance fits: choose an earlier time or fewer conditions."));
            case StartRetranscriptionOutcome.TooManyUtterances:
                throw new RpcException(new Status(
                    StatusCode.FailedPrecondition,
                    $"More than {max} utterances fit (Fleet:Retranscription:MaxUtterances): choose a shorter time, or devices, and start several runs."));
            case StartRetranscriptionOutcome.TooManyRuns:
                throw new RpcException(new Status(
                    StatusCode.FailedPrecondition,
                    $"{RetranscriptionStore.MaxOpenRuns} runs are running or wait for a decision: promote, discard or cancel some of them first."));
        }

        LogRunStarted(run.RunId, run.Deployment);
        retranscription.Bell.Ring();
        return new StartRetranscriptionResponse { Run = RetranscriptionRecords.From(await FindRunAsync(run.RunId, context.CancellationToken)) };
    });

    public override Task<ListRetranscriptionsResponse> ListRetranscriptions(ListRetranscriptionsRequest request, ServerCallContext context) => MapFaultsAsync(async () =>
        new ListRetranscriptionsResponse
        {
            Runs = { (await retranscription.Runs.ListAsync(MaxRuns, context.CancellationToken)).Select(RetranscriptionRecords.From) },
        });

    public override Task<GetRetranscriptionResponse> GetRetranscription(GetRetranscriptionRequest request, ServerCallContext context) => MapFaultsAsync(async () =>
    {
        if (request.PageSize > MaxRunPage)
        {
            throw Invalid($"page_size is {request.PageSize}; ask for at most {MaxRunPage}.");
        }

        var runId = Uuid("run_id", request.RunId);
        var after = RunPage(request.PageToken);
        var response = new GetRetranscriptionResponse { Run = RetranscriptionRecords.From(await FindRunAsync(runId, context.CancellationToken)) };
        if (request.PageSize == 0)
        {
            return response;
        }

        // One more than asked for tells that there is a next page.
        var size = (int)request.PageSize;
        var items = await retranscription.Runs.ListItemsAsync(runId, after, request.OnlyDiffering, size + 1, context.CancellationToken);
        response.Utterances.AddRange(items.Take(size).Select(RetranscriptionRecords.From));
        response.NextPageToken = items.Count > size ? $"{items[size - 1].Key.UtteranceId:N}{items[size - 1].Key.DeviceId}" : "";
        return response;
    });

    public override Task<V1.Retranscription> CancelRetranscription(RetranscriptionDecision request, ServerCallContext context) => DecideAsync(
        request, context, (runId, _) => retranscription.Runs.CancelAsync(runId, context.CancellationToken), RetranscriptionState.Cancelled, RetranscriptionState.Cancelled);

    public override Task<V1.Retranscription> PromoteRetranscription(RetranscriptionDecision request, ServerCallContext context) => DecideAsync(
        request, context, (runId, by) => retranscription.Runs.PromoteAsync(runId, by, context.CancellationToken), RetranscriptionState.Promoting, RetranscriptionState.Promoted);

    public override Task<V1.Retranscription> DiscardRetranscription(RetranscriptionDecision request, ServerCallContext context) => DecideAsync(
        request, context, (runId, by) => retranscription.Runs.DiscardAsync(runId, by, context.CancellationToken), RetranscriptionState.Discarding, RetranscriptionState.Discarded);

    // Asked again it answers the same: who asks may not have seen the first answer.
    private Task<V1.Retranscription> DecideAsync(
        RetranscriptionDecision request, ServerCallContext context, Func<Guid, string, Task<bool>> decide, RetranscriptionState during, RetranscriptionState done) =>
        MapFaultsAsync(async () =>
        {
            CheckName("decided_by", request.DecidedBy);
            var runId = Uuid("run_id", request.RunId);
            var isChanged = await decide(runId, request.DecidedBy);
            var run = await FindRunAsync(runId, context.CancellationToken);
            if (isChanged)
            {
                LogRunDecided(runId, during);
                retranscription.Bell.Ring();
            }
            else if (run.State != during && run.State != done)
            {
                throw new RpcException(new Status(StatusCode.FailedPrecondition, run.State == RetranscriptionState.Running
                    ? $"Run {runId} is still running: wait for its end, or cancel it first."
                    : $"Run {runId} is {run.State.ToString().ToLowerInvariant()} already."));
            }

            return RetranscriptionRecords.From(run);
        });

    private async Task<RetranscriptionRun> FindRunAsync(Guid runId, CancellationToken cancellationToken) =>
        await retranscription.Runs.GetAsync(runId, cancellationToken)
        ?? throw new RpcException(new Status(StatusCode.NotFound, $"There is no run {runId}: list the runs there are."));

    private void CheckDeployment(string deployment, bool mayBeEmpty)
    {
        var known = retranscription.Transcriber.Deployments;
        if (mayBeEmpty && deployment.Length == 0)
        {
            return;
        }

        if (!known.Contains(deployment, StringComparer.Ordinal))
        {
            var shown = deployment.Length > RetranscriptionStore.MaxNameLength ? deployment[..RetranscriptionStore.MaxNameLength] : deployment;
            throw Invalid(known.Count == 0
                ? $"deployment is '{shown}', but this silo knows no deployment by name: name them in its configuration (docs/operations.md)."
                : $"deployment is '{shown}'; this silo knows {string.Join(", ", known)}.");
        }
    }

    private static void CheckName(string field, string name)
    {
        if (name.Length > RetranscriptionStore.MaxNameLength || name.Any(char.IsControl))
        {
            throw Invalid($"{field} must be at most {RetranscriptionStore.MaxNameLength} characters without control characters.");
        }
    }

    private static UtteranceKey RunPage(string token)
    {
        if (token.Length == 0)
        {
            return new UtteranceKey("", Guid.Empty);
        }

        return token.Length > IdDigits && Guid.TryParseExact(token[..IdDigits], "N", out var id) && MessageRules.CheckDeviceId(token[IdDigits..]) is null
            ? new UtteranceKey(token[IdDigits..], id)
            : throw Invalid("page_token is not one that GetRetranscription gave out: ask for the first page.");
    }

    [LoggerMessage(EventIds.RunStarted, LogLevel.Information, "Run {RunId} through deployment {Deployment} was started by a call of the fleet API.")]
    private partial void LogRunStarted(Guid runId, string deployment);

    [LoggerMessage(EventIds.RunDecided, LogLevel.Information, "Run {RunId} is {State} by a call of the fleet API.")]
    private partial void LogRunDecided(Guid runId, RetranscriptionState state);
}
