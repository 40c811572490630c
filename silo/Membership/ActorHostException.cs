namespace Fleet.Silo.Membership;

/// <summary>The host of the actors could not start; the message says why and what to do.</summary>
internal sealed class ActorHostException(string message, bool isFinal, Exception inner) : Exception(message, inner)
{
    /// <summary>False: it is tried again.</summary>
    public bool IsFinal { get; } = isFinal;
}
