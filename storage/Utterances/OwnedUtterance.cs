namespace Fleet.Storage;

/// <summary>A job that a silo has, as the database says.</summary>
/// <param name="Key">The utterance.</param>
/// <param name="Attempt">With the owner, whose result it will take.</param>
public readonly record struct OwnedUtterance(UtteranceKey Key, int Attempt);
