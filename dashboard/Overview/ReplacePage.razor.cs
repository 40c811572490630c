using Fleet.Dashboard.Devices;
using Fleet.Storage;
using Microsoft.AspNetCore.Components;
using IdentityConflict = Fleet.Storage.IdentityConflict;
using Kind = Fleet.V1.IdentityConflict.Types.Kind;

namespace Fleet.Dashboard.Overview;

/// <summary>Asks once before a device becomes another machine, and shows which one.</summary>
public sealed partial class ReplacePage
{
    private IdentityConflict? _conflict;
    private bool _isReplaced;
    private string? _problem;

    [Parameter]
    public required string DeviceId { get; set; }

    [Parameter]
    public Guid InstallId { get; set; }

    [Inject]
    internal DeviceStore Devices { get; set; } = null!; // Set by the renderer.

    [Inject]
    internal SiloCommands Silo { get; set; } = null!; // Set by the renderer.

    protected override async Task LoadAsync()
    {
        var conflicts = await Devices.ListConflictsAsync(Aborted);
        _conflict = conflicts.FirstOrDefault(
            conflict => conflict.DeviceId == DeviceId && conflict.InstallId == InstallId && conflict.Kind == Kind.OtherInstall);
        if (_conflict is null)
        {
            HttpContext.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private async Task ReplaceAsync()
    {
        if (_conflict is null)
        {
            return;
        }

        _problem = await Silo.ReplaceInstallAsync(DeviceId, InstallId, Aborted);
        _isReplaced = _problem is null;
    }
}
