namespace Fleet.Silo.Membership;

/// <summary>The audio that this silo keeps in memory, for those who show its load.</summary>
internal interface IHeldAudio
{
    long HeldBytes { get; }
}
