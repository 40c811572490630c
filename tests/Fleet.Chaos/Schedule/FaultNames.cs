using System.Globalization;

namespace Fleet.Chaos.Schedule;

/// <summary>Faults in words, for progress lines and the table.</summary>
internal static class FaultNames
{
    public static string Of(FaultKind kind, FaultTarget target) => kind switch
    {
        FaultKind.Kill => $"kill -9 {Of(target)}",
        FaultKind.Restart => $"restart {Of(target)} in good order",
        FaultKind.Roll => "rolling restart of all silos",
        FaultKind.ImmediateShutdown => "immediate shutdown of PostgreSQL",
        FaultKind.Freeze => $"SIGSTOP {Of(target)}",
        FaultKind.Cut => $"cut {Of(target)}",
        FaultKind.Stall => $"black hole {Of(target)} (stays open)",
        FaultKind.Swallow => $"black hole {Of(target)} (swallows)",
        FaultKind.Delay => $"delay {Of(target)}",
        FaultKind.DiskFull => "disk full at an agent",
        FaultKind.ClockStep => "wall clock of an agent stepped",
        FaultKind.FaultPoint => "silo kills itself at a fault point",
        _ => kind.ToString(),
    };

    public static string Of(FaultTarget target) => target switch
    {
        FaultTarget.Agent => "agent",
        FaultTarget.Silo => "silo",
        FaultTarget.Scoring => "scoring",
        FaultTarget.Postgres => "PostgreSQL",
        FaultTarget.DeviceLink => "agents-silo",
        FaultTarget.SiloLink => "silo-silo",
        FaultTarget.DatabaseLink => "silo-PostgreSQL",
        _ => target.ToString(),
    };

    /// <summary>With its agent, its size and its duration.</summary>
    public static string Describe(Fault fault)
    {
        var name = Of(fault.Kind, fault.Target);
        if (fault.Target == FaultTarget.Agent || fault.Index > 0)
        {
            name += string.Create(CultureInfo.InvariantCulture, $" {fault.Index + 1}");
        }

        return fault.Kind switch
        {
            FaultKind.ClockStep => string.Create(CultureInfo.InvariantCulture, $"{name} to {fault.Value / 1000.0:+0.#;-0.#} s from the true time"),
            FaultKind.Delay => string.Create(CultureInfo.InvariantCulture, $"{name} by {fault.Value} ms for {fault.Duration.TotalSeconds:0.0} s"),
            FaultKind.Kill or FaultKind.ImmediateShutdown =>
                string.Create(CultureInfo.InvariantCulture, $"{name}, away for {fault.Duration.TotalSeconds:0.0} s"),
            FaultKind.FaultPoint or FaultKind.Restart or FaultKind.Roll => name,
            _ => string.Create(CultureInfo.InvariantCulture, $"{name} for {fault.Duration.TotalSeconds:0.0} s"),
        };
    }
}
