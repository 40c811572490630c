using Fleet.Dashboard.Components.Parts;
using Fleet.Storage;
using Microsoft.AspNetCore.Components;

namespace Fleet.Dashboard.Overview;

/// <summary>Which numbers are missing, of the fleet or of one device.</summary>
public sealed partial class MissingPage
{
    private const int MaxShown = 200;

    private IReadOnlyList<MissingNumbers>? _missing;

    [SupplyParameterFromQuery(Name = "device")]
    public string? DeviceId { get; set; }

    [Inject]
    internal TranscriptHistory History { get; set; } = null!; // Set by the renderer.

    protected override async Task LoadAsync() => _missing = await History.ListMissingAsync(DeviceId, MaxShown, Aborted);

    private static string Numbers(MissingNumbers range) => range.FirstNumber == range.LastNumber
        ? $"Number {Format.Count(range.FirstNumber)}"
        : $"Numbers {Format.Count(range.FirstNumber)} to {Format.Count(range.LastNumber)}";
}
