using Fleet.Storage;
using Fleet.V1;
using Grpc.Core;

namespace Fleet.Dashboard.Devices;

/// <summary>What people decide on a page and the silo does. Each answers null when it is done, else why not, for people.</summary>
internal sealed class SiloCommands(SiloAccess silo)
{
    public Task<string?> RetryAsync(UtteranceKey key, CancellationToken cancellationToken) => AskAsync(
        async () =>
        {
            var request = new RetryTranscriptsRequest { Utterances = { Name(key) } };
            var answer = await silo.CallAsync(
                (client, headers, deadline) => client.RetryTranscriptsAsync(request, headers, deadline, cancellationToken), cancellationToken);
            return answer.Retried > 0 ? null : "It cannot be tried again: it does not fail any more, or its audio is gone.";
        },
        cancellationToken);

    public Task<string?> EraseAsync(UtteranceKey key, CancellationToken cancellationToken) => AskAsync(
        async () =>
        {
            var request = new EraseUtterancesRequest { Utterances = { Name(key) } };
            // That it is gone already is what was wanted.
            await silo.CallAsync((client, headers, deadline) => client.EraseUtterancesAsync(request, headers, deadline, cancellationToken), cancellationToken);
            return null;
        },
        cancellationToken);

    public Task<string?> ReplaceInstallAsync(string deviceId, Guid installId, CancellationToken cancellationToken) => AskAsync(
        async () =>
        {
            var request = new ReplaceInstallRequest { DeviceId = deviceId, InstallId = installId.ToString("D") };
            await silo.CallAsync((client, headers, deadline) => client.ReplaceInstallAsync(request, headers, deadline, cancellationToken), cancellationToken);
            return null;
        },
        cancellationToken);

    public Task<string?> DrainAsync(string name, bool undo, CancellationToken cancellationToken) => AskAsync(
        async () =>
        {
            var request = new DrainSiloRequest { Name = name, Undo = undo };
            await silo.CallAsync((client, headers, deadline) => client.DrainSiloAsync(request, headers, deadline, cancellationToken), cancellationToken);
            return null;
        },
        cancellationToken);

    public Task<string?> PromoteAsync(Guid runId, CancellationToken cancellationToken) => DecideAsync(
        runId, (client, decision, headers, deadline) => client.PromoteRetranscriptionAsync(decision, headers, deadline, cancellationToken), cancellationToken);

    public Task<string?> DiscardAsync(Guid runId, CancellationToken cancellationToken) => DecideAsync(
        runId, (client, decision, headers, deadline) => client.DiscardRetranscriptionAsync(decision, headers, deadline, cancellationToken), cancellationToken);

    public Task<string?> CancelAsync(Guid runId, CancellationToken cancellationToken) => DecideAsync(
        runId, (client, decision, headers, deadline) => client.CancelRetranscriptionAsync(decision, headers, deadline, cancellationToken), cancellationToken);

    private Task<string?> DecideAsync(
        Guid runId, Func<FleetApi.FleetApiClient, RetranscriptionDecision, Metadata, DateTime, AsyncUnaryCall<Retranscription>> decide, CancellationToken cancellationToken) =>
        AskAsync(
            async () =>
            {
                var decision = new RetranscriptionDecision { RunId = runId.ToString("D"), DecidedBy = "dashboard" };
                await silo.CallAsync((client, headers, deadline) => decide(client, decision, headers, deadline), cancellationToken);
                return null;
            },
            cancellationToken);

    private async Task<string?> AskAsync(Func<Task<string?>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (Exception exception) when (SiloAccess.IsNoAnswer(exception) && !cancellationToken.IsCancellationRequested)
        {
            return silo.Explain(exception);
        }
    }

    private static UtteranceName Name(UtteranceKey key) => new() { DeviceId = key.DeviceId, UtteranceId = key.UtteranceId.ToString("D") };
}
