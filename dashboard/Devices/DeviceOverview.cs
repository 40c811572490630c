namespace Fleet.Dashboard.Devices;

/// <summary>All devices, from the silo or, while it is away, from the database.</summary>
/// <param name="Devices">By device id.</param>
/// <param name="SiloProblem">Null when the silo answered; else why it did not, for people.</param>
public sealed record DeviceOverview(IReadOnlyList<DeviceState> Devices, string? SiloProblem)
{
    public int Online => Devices.Count(device => device.Online == true);

    public int Offline => Devices.Count - Online;
}
