namespace Fleet.IntegrationTests.Agent.Capture;

/// <summary>A test with the real arecord and a device that needs no sound card: an extra, which no machine must have.</summary>
public sealed class RealArecordFactAttribute : FactAttribute
{
    public RealArecordFactAttribute()
    {
        if (!File.Exists("/usr/bin/arecord"))
        {
            Skip = "arecord is missing: apt-get install -y alsa-utils";
        }
    }
}
