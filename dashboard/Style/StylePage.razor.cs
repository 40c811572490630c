using System.Globalization;
using Fleet.Dashboard.Devices;
using Fleet.Storage;
using Microsoft.AspNetCore.Components;
using IdentityConflict = Fleet.Storage.IdentityConflict;
using Kind = Fleet.V1.IdentityConflict.Types.Kind;
using Reason = Fleet.V1.UtteranceLost.Types.Reason;

namespace Fleet.Dashboard.Style;

/// <summary>The dashboard's own parts with all their states, and the values that they are drawn with.</summary>
public sealed partial class StylePage
{
    private static readonly (string Name, string Use)[] _typeUses =
    [
        ("text-xs", "labels, badges, axes"),
        ("text-sm", "what stands beside the text: times, devices, fields, buttons"),
        ("text-md", "text, titles of panels"),
        ("text-lg", "what was said, in rows"),
        ("text-xl", "titles of empty states, fields on phones"),
        ("text-2xl", "title of the page, what was said on a page of its own"),
        ("text-3xl", "figures"),
    ];

    // Any time will do, but the same one at every visit.
    private static readonly DateTimeOffset _time = new(2026, 1, 15, 9, 30, 0, TimeSpan.Zero);

    private static readonly DeviceState[] _devices =
    [
        new("Online", true, null, "", 0, 0, []),
        new("Offline", false, null, "", 0, 0, []),
        new("Not known", null, null, "", 0, 0, []),
        new("Needs attention", true, null, "", 0, 0, ["the disk is full"]),
    ];

    private static readonly UtteranceAccount[] _accounts =
    [
        new(48_211, 48_208, new Dictionary<Reason, long> { [Reason.SpoolFull] = 3 }, 0),
        new(48_211, 48_190, new Dictionary<Reason, long> { [Reason.SpoolFull] = 3, [Reason.Expired] = 1 }, 2),
        UtteranceAccount.Empty,
    ];

    private static readonly IdentityConflict[] _conflicts =
    [
        new("kitchen", Kind.OtherInstall, Guid.Empty, Guid.Empty, "fleet-agent 0.1.0 (linux-arm64)", "192.0.2.17", _time, _time, 41),
        new("hall", Kind.CopiedInstall, Guid.Empty, Guid.Empty, "fleet-agent 0.1.0 (linux-arm64)", "192.0.2.18", _time, _time, 1),
    ];

    // An hour with a swell, a pause and some failures: always the same one.
    private static readonly MinuteCount[] _minutes =
    [
        .. Enumerable.Range(0, 60).Select(minute => new MinuteCount(
            DateTimeOffset.UnixEpoch.AddMinutes(minute), minute is > 20 and < 28 ? 0 : 4 + minute * 7 % 11, 3, minute % 9 == 0 ? 2 : 0)),
    ];

    private static readonly float[] _peaks = [.. Enumerable.Range(0, 180).Select(bar => MathF.Abs(MathF.Sin(bar * 0.21f) * MathF.Sin(bar * 0.047f)))];

    private DesignTokens _tokens = null!; // Set in OnInitialized.

    [Inject]
    internal IWebHostEnvironment Environment { get; set; } = null!; // Set by the renderer.

    protected override void OnInitialized()
    {
        using var reader = new StreamReader(Environment.WebRootFileProvider.GetFileInfo("css/tokens.css").CreateReadStream());
        _tokens = DesignTokens.Parse(reader.ReadToEnd());
    }

    private static string Number(double ratio) => ratio.ToString("0.0", CultureInfo.InvariantCulture);
}
