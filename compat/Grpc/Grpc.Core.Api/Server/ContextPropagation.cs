namespace Grpc.Core;

/// <summary>What a <see cref="ContextPropagationToken" /> carries on.</summary>
public class ContextPropagationOptions
{
    /// <summary>Deadline and cancellation.</summary>
    public static readonly ContextPropagationOptions Default = new();

    /// <summary>Creates options.</summary>
    public ContextPropagationOptions(bool propagateDeadline = true, bool propagateCancellation = true)
    {
        IsPropagateDeadline = propagateDeadline;
        IsPropagateCancellation = propagateCancellation;
    }

    /// <summary>The deadline is carried on.</summary>
    public bool IsPropagateDeadline { get; }

    /// <summary>Cancellation is carried on.</summary>
    public bool IsPropagateCancellation { get; }
}

/// <summary>Carries deadline and cancellation of a call to the calls made for it.</summary>
public abstract class ContextPropagationToken
{
    internal ContextPropagationToken()
    {
    }
}
