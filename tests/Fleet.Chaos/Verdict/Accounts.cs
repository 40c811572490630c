using Fleet.V1;

namespace Fleet.Chaos.Verdict;

/// <summary>Spoken, stored, lost, missing: of the product, or of the harness.</summary>
internal sealed record Accounts(long Spoken, long Stored, long Lost, long Missing)
{
    /// <summary>As the fleet API tells it; null when this silo keeps no accounts.</summary>
    public static Accounts? Of(ListDevicesResponse response)
    {
        var devices = response.Devices;
        var spoken = devices.Sum(device => (long)device.SpokenUtterances);
        return spoken == 0
            ? null
            : new Accounts(
                spoken,
                devices.Sum(device => (long)device.StoredUtterances),
                devices.Sum(device => (long)device.LostUtterances),
                devices.Sum(device => (long)device.MissingUtterances));
    }

    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Spoken} spoken, {Stored} stored, {Lost} lost, {Missing} missing");
}
