using Fleet.Silo.Membership;

namespace Fleet.Silo.Devices.Embedded;

/// <summary>A cluster of one.</summary>
internal sealed class EmbeddedCluster(LocalSilo self, DeviceDirectory devices, SiloStatus status) : ICluster
{
    public ValueTask<IReadOnlyList<SiloReport>> ListAsync() => ValueTask.FromResult<IReadOnlyList<SiloReport>>([self.Report("", devices.ActiveCount)]);

    public ValueTask<bool> DrainAsync(string name, bool isDrained)
    {
        if (name != status.Name)
        {
            return ValueTask.FromResult(false);
        }

        self.Drain(isDrained);
        return ValueTask.FromResult(true);
    }
}
