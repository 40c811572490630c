namespace Fleet.Silo.Transcription;

/// <summary>What was so when a call began.</summary>
/// <param name="InFlight">Calls in flight, with this one.</param>
/// <param name="Era">Counts the cuts of the limit before it: one overload is many failures.</param>
internal readonly record struct CallTicket(int InFlight, int Era);
