namespace Grpc.Core;

/// <summary>Decides whether a server is the one that is wanted.</summary>
public delegate bool VerifyPeerCallback(VerifyPeerContext context);

/// <summary>The server that a <see cref="VerifyPeerCallback" /> judges.</summary>
public class VerifyPeerContext
{
    internal VerifyPeerContext(string targetName, string peerPem)
    {
        TargetName = targetName;
        PeerPem = peerPem;
    }

    /// <summary>Name of the server.</summary>
    public string TargetName { get; }

    /// <summary>Its certificate, PEM.</summary>
    public string PeerPem { get; }
}
