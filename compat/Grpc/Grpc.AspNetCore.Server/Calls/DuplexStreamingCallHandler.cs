using Grpc.AspNetCore.Server.Binding;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>A stream each way.</summary>
internal sealed class DuplexStreamingCallHandler<TService, TRequest, TResponse> : CallHandler<TRequest, TResponse>
    where TService : class
    where TRequest : class
    where TResponse : class
{
    private readonly DuplexStreamingServerMethod<TRequest, TResponse> _pipeline;

    internal DuplexStreamingCallHandler(
        Method<TRequest, TResponse> method,
        MethodSettings settings,
        Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task> call,
        ILogger logger)
        : base(method, settings, logger)
    {
        _pipeline = Intercept<DuplexStreamingServerMethod<TRequest, TResponse>>(
            settings,
            async (requests, responses, context) =>
            {
                await using Activated<TService> service = ServiceActivator<TService>.Activate(context.GetHttpContext().RequestServices);
                await call(service.Instance, requests, responses, context);
            },
            static (registration, next) => async (requests, responses, context) =>
            {
                await using Activated<Interceptor> interceptor = Activate(registration, context);
                await interceptor.Instance.DuplexStreamingServerHandler(requests, responses, context, next);
            });
    }

    protected override async Task RunAsync(HttpServerCallContext context)
    {
        context.LiftRequestBodyLimits();
        context.LiftRequestTimeout();
        RequestStream<TRequest> requests = new(context, Method.RequestMarshaller);
        try
        {
            await _pipeline(requests, new ResponseStream<TResponse>(context, Method.ResponseMarshaller), context);
        }
        finally
        {
            requests.Complete();
        }
    }
}
