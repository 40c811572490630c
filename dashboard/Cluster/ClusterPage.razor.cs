using Fleet.Dashboard.Devices;
using Fleet.Storage;
using Fleet.V1;
using Microsoft.AspNetCore.Components;

namespace Fleet.Dashboard.Cluster;

/// <summary>Who runs, and the button that empties a silo before it is stopped.</summary>
public sealed partial class ClusterPage
{
    private IReadOnlyList<SiloInfo>? _silos;
    private string? _siloProblem;
    private string? _problem;

    [SupplyParameterFromForm(FormName = "drain")]
    public string? Drain { get; set; }

    [SupplyParameterFromForm(FormName = "drain")]
    public string? Undo { get; set; }

    [Inject]
    internal SiloLeases Leases { get; set; } = null!; // Set by the renderer.

    [Inject]
    internal SiloAccess Silo { get; set; } = null!; // Set by the renderer.

    [Inject]
    internal SiloCommands Commands { get; set; } = null!; // Set by the renderer.

    protected override async Task LoadAsync()
    {
        try
        {
            var answer = await Silo.CallAsync(
                (client, headers, deadline) => client.ListSilosAsync(new ListSilosRequest(), headers, deadline, Aborted), Aborted);
            (_silos, _siloProblem) = (answer.Silos, null);
        }
        catch (Exception exception) when (SiloAccess.IsNoAnswer(exception) && !Aborted.IsCancellationRequested)
        {
            _siloProblem = Silo.Explain(exception);
            _silos = [.. (await Leases.ListAsync(Aborted)).Select(FromDatabase)];
        }
    }

    private async Task DrainAsync()
    {
        if ((Drain ?? Undo) is not { Length: > 0 } name)
        {
            return;
        }

        _problem = await Commands.DrainAsync(name, undo: Drain is null, Aborted);
        await LoadAsync();
    }

    private static SiloInfo FromDatabase(RegisteredSilo lease) => new()
    {
        Name = lease.Name,
        OwnerEpoch = lease.Epoch,
        StartedAtUnixMs = lease.StartedAt.ToUnixTimeMilliseconds(),
        LeaseUntilUnixMs = lease.LeaseUntil?.ToUnixTimeMilliseconds() ?? 0,
        State = lease switch
        {
            { LeaseUntil: null } => SiloInfo.Types.State.Stopped,
            { IsValid: false } => SiloInfo.Types.State.Lost,
            _ => SiloInfo.Types.State.Unspecified,
        },
    };

    private static bool Answers(SiloInfo silo) => silo.State is SiloInfo.Types.State.Running or SiloInfo.Types.State.Drained;

    private static string State(SiloInfo silo) => silo.State switch
    {
        SiloInfo.Types.State.Running => "runs",
        SiloInfo.Types.State.Drained => "drained: takes no devices",
        SiloInfo.Types.State.Silent => "does not answer",
        SiloInfo.Types.State.Lost => "lost: gave no sign of life",
        SiloInfo.Types.State.Stopped => "stopped",
        _ => "its lease is good",
    };
}
