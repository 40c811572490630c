using Fleet.Testing;

namespace Fleet.IntegrationTests.Agent.Capture;

/// <summary>A test with the real arecord and a device that needs no sound card.</summary>
public sealed class RealArecordFactAttribute : FactAttribute
{
    public RealArecordFactAttribute() =>
        Skip = Requirement.SkipUnless(Requirement.IsOnPath("arecord"), "arecord is missing: apt-get install -y alsa-utils");
}
