using Fleet.Audio;

namespace Fleet.Benchmarks.Endpointing;

/// <summary>The detector that a command line asks for.</summary>
internal static class Detector
{
    public static IVad Load(Arguments arguments) => arguments.Text("--detector") switch
    {
        null or "silero" => SileroVad.Load(),
        "energy" => new EnergyVad(),
        var other => throw new UsageException($"--detector {other} is not one: silero or energy."),
    };
}
