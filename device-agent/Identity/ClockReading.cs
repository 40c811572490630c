using Fleet.V1;

namespace Fleet.DeviceAgent.Identity;

/// <summary>What the agent's clock says of one moment, and who told it.</summary>
/// <param name="Time">The time, as far as it is known.</param>
/// <param name="Clock">Which clock said so.</param>
/// <param name="IsSettled">The cluster was heard in this run, and nothing has happened since that makes its time doubtful.</param>
internal readonly record struct ClockReading(DateTimeOffset Time, Clock Clock, bool IsSettled);
