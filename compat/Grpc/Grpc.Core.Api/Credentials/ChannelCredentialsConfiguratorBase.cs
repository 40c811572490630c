namespace Grpc.Core;

/// <summary>Is told what a <see cref="ChannelCredentials" /> is made of.</summary>
public abstract class ChannelCredentialsConfiguratorBase
{
    /// <summary>Plaintext.</summary>
    public abstract void SetInsecureCredentials(object? state);

    /// <summary>TLS.</summary>
    public abstract void SetSslCredentials(
        object? state, string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback);

    /// <summary>A secured channel whose calls carry credentials.</summary>
    public abstract void SetCompositeCredentials(object? state, ChannelCredentials channelCredentials, CallCredentials callCredentials);
}
