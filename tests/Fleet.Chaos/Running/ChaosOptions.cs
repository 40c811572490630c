namespace Fleet.Chaos.Running;

/// <summary>What a run is asked to do.</summary>
internal sealed record ChaosOptions
{
    public required ulong Seed { get; init; }

    /// <summary>Simulated devices.</summary>
    public required int Devices { get; init; }

    /// <summary>How long faults go on; starting and draining come on top.</summary>
    public required TimeSpan Length { get; init; }

    /// <summary>Agent processes that share the devices.</summary>
    public required int Agents { get; init; }

    /// <summary>1 = an embedded silo, more = a cluster.</summary>
    public int Silos { get; init; } = 1;

    /// <summary>Only silos and PostgreSQL are hit, a silo every twenty seconds.</summary>
    public bool OnlySilos { get; init; }

    /// <summary>Folder with the programs of another build, with which silos and agents begin; null: this one.</summary>
    public string? UpgradeFrom { get; init; }

    /// <summary>Utterances a second that all devices speak together, about.</summary>
    public required double Rate { get; init; }

    /// <summary>WAV file, or folder of them.</summary>
    public required string Play { get; init; }

    /// <summary>Kept whatever the verdict is; null: a temporary folder, kept when the verdict is bad.</summary>
    public string? Keep { get; init; }

    /// <summary>Longest wait for everything to be stored and transcribed after the last fault.</summary>
    public required TimeSpan DrainLimit { get; init; }

    /// <summary>Print the schedule and do nothing.</summary>
    public bool OnlySchedule { get; init; }

    /// <summary>The command that does the same again.</summary>
    public string Repeat => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"./fleet chaos --devices {Devices} --minutes {Length.TotalMinutes:0.##} --agents {Agents}{(Silos > 1 ? $" --silos {Silos}" : "")}{(OnlySilos ? " --only-silos" : "")}{(UpgradeFrom is null ? "" : $" --upgrade-from {UpgradeFrom}")} --rate {Rate:0.##} --seed {Seed}");
}
