using Fleet.Chaos.Parts;
using Fleet.Chaos.Verdict;
using Fleet.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.Chaos.Running;

/// <summary>The product's own accounts against the ledger's: what an operator is told must be true.</summary>
internal sealed class AccountsCheck(ChaosFleet fleet, Progress progress, TimeProvider time)
{
    // The reconciliation runs now and then: its figures may be those of a moment ago.
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan _poll = TimeSpan.FromSeconds(2);

    public async Task RunAsync(Accounts expected, Findings findings, CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress(fleet.SiloAddress);
        var client = new FleetApi.FleetApiClient(channel);
        var headers = new Metadata { { "authorization", "Bearer " + await fleet.ApiKeyAsync(cancellationToken) } };
        var begun = time.GetTimestamp();
        while (true)
        {
            Accounts? accounts;
            try
            {
                accounts = Accounts.Of(await client.ListDevicesAsync(new ListDevicesRequest(), headers, cancellationToken: cancellationToken));
            }
            catch (RpcException ex) when (time.GetElapsedTime(begun) < _limit && ex.StatusCode == StatusCode.Unavailable)
            {
                await Task.Delay(_poll, time, cancellationToken);
                continue;
            }

            if (accounts is null)
            {
                findings.Notes.Add($"The ledger has {expected}; this silo keeps no accounts to compare with.");
                return;
            }

            if (accounts == expected)
            {
                findings.Notes.Add($"The product's own accounts agree: {accounts}.");
                return;
            }

            if (time.GetElapsedTime(begun) > _limit)
            {
                findings.Add(Bad.Miscounted, $"the product says {accounts}; the rows are {expected}");
                return;
            }

            progress.Say($"   accounts: {accounts}, wanted: {expected}");
            await Task.Delay(_poll, time, cancellationToken);
        }
    }
}
