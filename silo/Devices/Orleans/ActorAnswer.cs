namespace Fleet.Silo.Devices.Orleans;

/// <summary>What became of a call of an actor.</summary>
/// <param name="Answered">The actor answered.</param>
/// <param name="Value">With Answered.</param>
/// <param name="MayHaveRun">An attempt that was not answered may have run all the same.</param>
/// <param name="Failure">Without an answer: why.</param>
internal readonly record struct ActorAnswer<T>(bool Answered, T? Value, bool MayHaveRun, Exception? Failure);
