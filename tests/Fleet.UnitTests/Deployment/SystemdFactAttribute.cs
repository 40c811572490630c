using Fleet.Testing;

namespace Fleet.UnitTests.Deployment;

/// <summary>A test that needs systemd's own checks.</summary>
public sealed class SystemdFactAttribute : FactAttribute
{
    public SystemdFactAttribute()
    {
        Skip = Requirement.IsOnPath("systemd-analyze") ? null : "systemd-analyze is missing: apt-get install systemd";
    }
}
