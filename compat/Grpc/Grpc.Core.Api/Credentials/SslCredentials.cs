namespace Grpc.Core;

/// <summary>TLS with the machine's roots. Other roots and client certificates are set on the HTTP handler of the channel.</summary>
public sealed class SslCredentials : ChannelCredentials
{
    internal override bool IsComposable => true;

    /// <inheritdoc />
    public override void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object? state)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.SetSslCredentials(state, null, null, null);
    }
}
