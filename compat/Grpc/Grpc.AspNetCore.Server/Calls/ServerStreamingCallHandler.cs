using Grpc.AspNetCore.Server.Binding;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>One request, a stream of responses.</summary>
internal sealed class ServerStreamingCallHandler<TService, TRequest, TResponse> : CallHandler<TRequest, TResponse>
    where TService : class
    where TRequest : class
    where TResponse : class
{
    private readonly ServerStreamingServerMethod<TRequest, TResponse> _pipeline;

    internal ServerStreamingCallHandler(
        Method<TRequest, TResponse> method,
        MethodSettings settings,
        Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task> call,
        ILogger logger)
        : base(method, settings, logger)
    {
        _pipeline = Intercept<ServerStreamingServerMethod<TRequest, TResponse>>(
            settings,
            async (request, responses, context) =>
            {
                await using Activated<TService> service = ServiceActivator<TService>.Activate(context.GetHttpContext().RequestServices);
                await call(service.Instance, request, responses, context);
            },
            static (registration, next) => async (request, responses, context) =>
            {
                await using Activated<Interceptor> interceptor = Activate(registration, context);
                await interceptor.Instance.ServerStreamingServerHandler(request, responses, context, next);
            });
    }

    protected override async Task RunAsync(HttpServerCallContext context)
    {
        context.LiftRequestTimeout();
        TRequest request = await context.ReadSingleAsync(Method.RequestMarshaller);
        await _pipeline(request, new ResponseStream<TResponse>(context, Method.ResponseMarshaller), context);
    }
}
