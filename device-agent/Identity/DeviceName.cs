using System.Globalization;
using System.Text.RegularExpressions;

namespace Fleet.DeviceAgent.Identity;

/// <summary>What may be a device id, and how one is made from a host name.</summary>
internal static partial class DeviceName
{
    public const int MaxLength = 64;

    public static bool IsValid(string name) => Pattern().IsMatch(name);

    /// <summary>The host name in the form of a device id; "pi" when nothing usable is in it.</summary>
    public static string FromHostName(string hostName)
    {
        var mapped = new string([.. hostName.ToLowerInvariant().Select(c =>
            char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')]);
        var name = mapped.TrimStart('-', '_', '.');
        name = name[..Math.Min(name.Length, MaxLength)];
        return IsValid(name) ? name : "pi";
    }

    /// <summary>
    /// Ids of simulated devices: <c>pi-001</c>, <c>pi-002</c>, … with as many digits as the last one needs, three at least.
    /// </summary>
    public static string Simulated(string prefix, int index, int count)
    {
        var digits = Math.Max(3, count.ToString(CultureInfo.InvariantCulture).Length);
        return $"{prefix}-{(index + 1).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0')}";
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}\\z")]
    private static partial Regex Pattern();
}
