namespace Fleet.IntegrationTests.Agent.BadInput;

/// <summary>A test that mounts a file system of its own: as root, in a container that allows it. Elsewhere it is skipped.</summary>
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute()
    {
        Skip = SmallDisk.WhyNot;
    }
}
