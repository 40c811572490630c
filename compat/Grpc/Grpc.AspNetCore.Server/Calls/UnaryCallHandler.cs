using Grpc.AspNetCore.Server.Binding;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>One request, one response.</summary>
internal sealed class UnaryCallHandler<TService, TRequest, TResponse> : CallHandler<TRequest, TResponse>
    where TService : class
    where TRequest : class
    where TResponse : class
{
    private readonly UnaryServerMethod<TRequest, TResponse> _pipeline;

    internal UnaryCallHandler(
        Method<TRequest, TResponse> method,
        MethodSettings settings,
        Func<TService, TRequest, ServerCallContext, Task<TResponse>> call,
        ILogger logger)
        : base(method, settings, logger)
    {
        _pipeline = Intercept<UnaryServerMethod<TRequest, TResponse>>(
            settings,
            async (request, context) =>
            {
                await using Activated<TService> service = ServiceActivator<TService>.Activate(context.GetHttpContext().RequestServices);
                return await call(service.Instance, request, context);
            },
            static (registration, next) => async (request, context) =>
            {
                await using Activated<Interceptor> interceptor = Activate(registration, context);
                return await interceptor.Instance.UnaryServerHandler(request, context, next);
            });
    }

    protected override async Task RunAsync(HttpServerCallContext context)
    {
        TRequest request = await context.ReadSingleAsync(Method.RequestMarshaller);
        TResponse response = await _pipeline(request, context);
        await WriteSingleAsync(context, Method, response);
    }
}
