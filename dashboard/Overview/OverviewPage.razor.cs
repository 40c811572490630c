using Fleet.Dashboard.Components.Parts;
using Fleet.Dashboard.Devices;
using Fleet.Storage;
using Fleet.V1;
using Microsoft.AspNetCore.Components;
using IdentityConflict = Fleet.Storage.IdentityConflict;

namespace Fleet.Dashboard.Overview;

/// <summary>How the fleet is, on one page.</summary>
public sealed partial class OverviewPage
{
    private HistoryCounts? _counts;
    private DeviceOverview? _devices;
    private UtteranceAccount? _account;
    private IReadOnlyDictionary<string, UtteranceAccount> _accounts = new Dictionary<string, UtteranceAccount>();
    private IReadOnlyList<IdentityConflict> _conflicts = [];
    private TranscriberState _transcribers = TranscriberState.Fine;

    [Inject]
    internal TranscriptHistory History { get; set; } = null!; // Set by the renderer.

    [Inject]
    internal DeviceDirectory Directory { get; set; } = null!; // Set by the renderer.

    [Inject]
    internal TranscriberDirectory Transcribers { get; set; } = null!; // Set by the renderer.

    [Inject]
    internal DeviceStore Devices { get; set; } = null!; // Set by the renderer.

    // A transcript takes seconds; what waits longer is worth a word.
    private static readonly TimeSpan _normalWait = TimeSpan.FromSeconds(30);

    private TimeSpan LongestWait => _counts is { WaitingSince: { } since } ? _counts.AsOf - since : TimeSpan.Zero;

    private bool IsWaitingLong => LongestWait > _normalWait;

    private long Waiting => Count(UtteranceStatus.Stored);

    protected override async Task LoadAsync()
    {
        var devices = Directory.GetAsync(Aborted);
        var counts = History.CountsAsync(Aborted);
        var account = History.GetAccountsAsync(deviceId: null, Aborted);
        var accounts = History.ListAccountsAsync(Aborted);
        var conflicts = Devices.ListConflictsAsync(Aborted);
        var transcribers = Transcribers.GetAsync(Aborted);
        await Task.WhenAll(devices, counts, account, accounts, conflicts, transcribers);
        _devices = await devices;
        _counts = await counts;
        _account = await account;
        _accounts = await accounts;
        _conflicts = await conflicts;
        _transcribers = await transcribers;
    }

    private long Count(UtteranceStatus status) => _counts?.ByStatus.GetValueOrDefault(status) ?? 0;

    private string Share(UtteranceStatus status)
    {
        var total = _counts?.Total ?? 0;
        if (status == UtteranceStatus.Stored)
        {
            return Waiting == 0 ? "Nothing waits" : "Waiting for a transcript";
        }

        if (total == 0)
        {
            return "None yet";
        }

        var percent = 100.0 * Count(status) / total;
        return percent is > 0 and < 0.1
            ? $"< 0.1 % of {Format.Count(total)}"
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{percent:0.#} % of {Format.Count(total)}");
    }
}
