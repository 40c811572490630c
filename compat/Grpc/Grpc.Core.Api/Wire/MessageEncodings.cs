using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.Core.Wire;

/// <summary>The encodings of messages that one side knows.</summary>
internal sealed class MessageEncodings
{
    /// <summary>What is known where nobody says otherwise.</summary>
    internal static readonly MessageEncodings Default = new(
        [new GzipCompressionProvider(CompressionLevel.Fastest), new DeflateCompressionProvider(CompressionLevel.Fastest)]);

    private readonly Dictionary<string, ICompressionProvider> _providers = new(StringComparer.Ordinal);

    /// <summary>Of two providers with one name the first one counts.</summary>
    internal MessageEncodings(IEnumerable<ICompressionProvider> providers)
    {
        foreach (ICompressionProvider provider in providers)
        {
            _providers.TryAdd(provider.EncodingName, provider);
        }

        AcceptEncoding = string.Join(',', [WireNames.Identity, .. _providers.Keys]);
    }

    /// <summary>Value of <c>grpc-accept-encoding</c>.</summary>
    internal string AcceptEncoding { get; }

    internal ICompressionProvider? Find(string name) => _providers.GetValueOrDefault(name);

    /// <summary>Whether a peer takes an encoding, by its <c>grpc-accept-encoding</c>.</summary>
    internal static bool IsAccepted(string? acceptEncoding, string name)
    {
        foreach (Range range in acceptEncoding.AsSpan().Split(','))
        {
            if (acceptEncoding.AsSpan()[range].Trim().SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }
}
