using Grpc.AspNetCore.Server.Binding;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>A stream of requests, one response.</summary>
internal sealed class ClientStreamingCallHandler<TService, TRequest, TResponse> : CallHandler<TRequest, TResponse>
    where TService : class
    where TRequest : class
    where TResponse : class
{
    private readonly ClientStreamingServerMethod<TRequest, TResponse> _pipeline;

    internal ClientStreamingCallHandler(
        Method<TRequest, TResponse> method,
        MethodSettings settings,
        Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>> call,
        ILogger logger)
        : base(method, settings, logger)
    {
        _pipeline = Intercept<ClientStreamingServerMethod<TRequest, TResponse>>(
            settings,
            async (requests, context) =>
            {
                await using Activated<TService> service = ServiceActivator<TService>.Activate(context.GetHttpContext().RequestServices);
                return await call(service.Instance, requests, context);
            },
            static (registration, next) => async (requests, context) =>
            {
                await using Activated<Interceptor> interceptor = Activate(registration, context);
                return await interceptor.Instance.ClientStreamingServerHandler(requests, context, next);
            });
    }

    protected override async Task RunAsync(HttpServerCallContext context)
    {
        context.LiftRequestBodyLimits();
        context.LiftRequestTimeout();
        RequestStream<TRequest> requests = new(context, Method.RequestMarshaller);
        try
        {
            TResponse response = await _pipeline(requests, context);
            await WriteSingleAsync(context, Method, response);
        }
        finally
        {
            requests.Complete();
        }
    }
}
