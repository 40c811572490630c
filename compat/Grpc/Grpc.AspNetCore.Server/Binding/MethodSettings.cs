namespace Grpc.AspNetCore.Server.Binding;

/// <summary>What the options of all services and those of one service come to.</summary>
internal sealed record MethodSettings(
    int? MaxReceiveMessageSize, int? MaxSendMessageSize, bool EnableDetailedErrors, IReadOnlyList<InterceptorRegistration> Interceptors)
{
    private const int DefaultMaxReceiveMessageSize = 4 * 1024 * 1024;

    internal static MethodSettings Create(GrpcServiceOptions global, GrpcServiceOptions service) => new(
        service.MaxReceiveMessageSizeSpecified ? service.MaxReceiveMessageSize
            : global.MaxReceiveMessageSizeSpecified ? global.MaxReceiveMessageSize
            : DefaultMaxReceiveMessageSize,
        service.MaxSendMessageSizeSpecified ? service.MaxSendMessageSize : global.MaxSendMessageSize,
        service.EnableDetailedErrors ?? global.EnableDetailedErrors ?? false,
        [.. global.Interceptors, .. service.Interceptors]);
}
