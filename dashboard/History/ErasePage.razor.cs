using Fleet.Dashboard.Devices;
using Fleet.Storage;
using Microsoft.AspNetCore.Components;

namespace Fleet.Dashboard.History;

/// <summary>Asks once before an utterance is erased, and shows which one.</summary>
public sealed partial class ErasePage
{
    private UtteranceRecord? _utterance;
    private bool _isErased;
    private string? _problem;

    [Parameter]
    public required string DeviceId { get; set; }

    [Parameter]
    public Guid UtteranceId { get; set; }

    [Inject]
    internal TranscriptHistory History { get; set; } = null!; // Set by the renderer.

    [Inject]
    internal SiloCommands Silo { get; set; } = null!; // Set by the renderer.

    protected override async Task LoadAsync()
    {
        _utterance = await History.GetAsync(DeviceId, UtteranceId, Aborted);
        if (_utterance is null)
        {
            HttpContext.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private async Task EraseAsync()
    {
        if (_utterance is null)
        {
            return;
        }

        _problem = await Silo.EraseAsync(_utterance.Key, Aborted);
        _isErased = _problem is null;
    }
}
