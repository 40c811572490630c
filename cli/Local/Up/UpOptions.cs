using Fleet.Cli.Local.State;

namespace Fleet.Cli.Local.Up;

/// <summary>What `local up` was asked for.</summary>
internal sealed record UpOptions
{
    public required LocalPaths Paths { get; init; }

    /// <summary>Simulated devices, 0 = none (real ones will come).</summary>
    public required int Devices { get; init; }

    /// <summary>WAV file, or a folder of them.</summary>
    public required string Play { get; init; }

    /// <summary>1 = as fast as it was spoken.</summary>
    public double Speed { get; init; } = 1;

    public bool Loop { get; init; }

    /// <summary>Quiet after each recording, in seconds.</summary>
    public double PauseSeconds { get; init; }

    /// <summary>Written once every part answers and the first transcript of this run is stored.</summary>
    public string? ReadyFile { get; init; }

    public RequestedPorts Ports { get; init; } = new();
}
