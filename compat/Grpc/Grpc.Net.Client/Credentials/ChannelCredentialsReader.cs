using Grpc.Core;

namespace Grpc.Net.Client.Credentials;

/// <summary>Takes channel credentials apart: whether they fit the address, and what each call has to carry.</summary>
internal sealed class ChannelCredentialsReader : ChannelCredentialsConfiguratorBase
{
    private readonly List<CallCredentials> _callCredentials = [];
    private bool? _secure;

    internal static IReadOnlyList<CallCredentials> Read(ChannelCredentials? credentials, Uri address)
    {
        ChannelCredentialsReader reader = new();
        credentials?.InternalPopulateConfiguration(reader, null);
        bool https = address.Scheme == Uri.UriSchemeHttps;
        if (reader._secure is { } secure && secure != https)
        {
            throw new InvalidOperationException(
                $"Channel is configured with {(secure ? "secure" : "insecure")} channel credentials and can't use a HttpClient with a '{address.Scheme}' scheme.");
        }

        return reader._callCredentials;
    }

    public override void SetInsecureCredentials(object? state) => _secure = false;

    public override void SetSslCredentials(
        object? state, string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback) =>
        _secure = true;

    public override void SetCompositeCredentials(object? state, ChannelCredentials channelCredentials, CallCredentials callCredentials)
    {
        channelCredentials.InternalPopulateConfiguration(this, null);
        _callCredentials.Add(callCredentials);
    }
}
