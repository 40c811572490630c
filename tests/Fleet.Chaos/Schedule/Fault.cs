namespace Fleet.Chaos.Schedule;

/// <summary>One fault of a schedule.</summary>
/// <param name="At">Time since the first utterance could be spoken.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Target">To what.</param>
/// <param name="Index">Which agent, silo, or link of a silo, counted from 0; 0 for other targets.</param>
/// <param name="Duration">How long it lasts, or how long a killed part stays away.</param>
/// <param name="Value">ClockStep: milliseconds from the true time; Delay: milliseconds; FaultPoint: which one (modulo their number).</param>
internal sealed record Fault(TimeSpan At, FaultKind Kind, FaultTarget Target, int Index, TimeSpan Duration, long Value);
