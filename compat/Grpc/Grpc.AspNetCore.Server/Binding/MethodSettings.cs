using Grpc.Core.Wire;
using Grpc.Net.Compression;

namespace Grpc.AspNetCore.Server.Binding;

/// <summary>What the options of all services and those of one service come to.</summary>
internal sealed record MethodSettings(
    int? MaxReceiveMessageSize,
    int? MaxSendMessageSize,
    bool EnableDetailedErrors,
    MessageEncodings Encodings,
    MessageCompression? ResponseCompression,
    IReadOnlyList<InterceptorRegistration> Interceptors)
{
    private const int DefaultMaxReceiveMessageSize = 4 * 1024 * 1024;

    internal static MethodSettings Create(GrpcServiceOptions global, GrpcServiceOptions service)
    {
        ICompressionProvider[] providers = [.. service.CompressionProviders, .. global.CompressionProviders];
        MessageEncodings encodings = providers.Length > 0 ? new MessageEncodings(providers) : MessageEncodings.Default;
        return new MethodSettings(
            service.MaxReceiveMessageSizeSpecified ? service.MaxReceiveMessageSize
                : global.MaxReceiveMessageSizeSpecified ? global.MaxReceiveMessageSize
                : DefaultMaxReceiveMessageSize,
            service.MaxSendMessageSizeSpecified ? service.MaxSendMessageSize : global.MaxSendMessageSize,
            service.EnableDetailedErrors ?? global.EnableDetailedErrors ?? false,
            encodings,
            Compression(encodings, global, service),
            [.. global.Interceptors, .. service.Interceptors]);
    }

    private static MessageCompression? Compression(MessageEncodings encodings, GrpcServiceOptions global, GrpcServiceOptions service)
    {
        string? name = service.ResponseCompressionAlgorithm ?? global.ResponseCompressionAlgorithm;
        return name is null or WireNames.Identity
            ? null
            : new MessageCompression(
                encodings.Find(name) ?? throw new InvalidOperationException(
                    $"The configured response compression algorithm '{name}' does not have a matching compression provider."),
                service.ResponseCompressionLevel ?? global.ResponseCompressionLevel);
    }
}
