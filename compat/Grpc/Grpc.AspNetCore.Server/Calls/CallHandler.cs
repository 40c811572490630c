using Grpc.AspNetCore.Server.Binding;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Handles the calls of one method; what the four shapes have in common.</summary>
internal abstract class CallHandler<TRequest, TResponse>(Method<TRequest, TResponse> method, MethodSettings settings, ILogger logger)
    where TRequest : class
    where TResponse : class
{
    protected Method<TRequest, TResponse> Method => method;

    internal async Task HandleAsync(HttpContext httpContext)
    {
        if (!RequestCheck.IsGrpc(httpContext))
        {
            return;
        }

        await using HttpServerCallContext context = new(httpContext, settings, logger);
        httpContext.Features.Set<IServerCallContextFeature>(context);
        try
        {
            context.Start();
            await RunAsync(context);
        }
        catch (Exception exception)
        {
            context.Fail(exception);
        }

        await context.EndAsync();
    }

    /// <summary>Reads what the shape reads, calls interceptors and service, writes what the shape writes.</summary>
    protected abstract Task RunAsync(HttpServerCallContext context);

    /// <summary>Puts the interceptors around the service; the first one is outermost.</summary>
    protected static TMethod Intercept<TMethod>(
        MethodSettings settings, TMethod service, Func<InterceptorRegistration, TMethod, TMethod> wrap)
    {
        TMethod next = service;
        for (int i = settings.Interceptors.Count - 1; i >= 0; i--)
        {
            next = wrap(settings.Interceptors[i], next);
        }

        return next;
    }

    protected static Activated<Interceptor> Activate(InterceptorRegistration registration, ServerCallContext context) =>
        registration.Activate(context.GetHttpContext().RequestServices);

    protected static Task WriteSingleAsync(HttpServerCallContext context, Method<TRequest, TResponse> method, TResponse? response) =>
        response is null
            ? throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."))
            : context.IsOver ? Task.CompletedTask
            : context.Responses.WriteAsync(
                response, method.ResponseMarshaller.ContextualSerializer, context.NextCompression, flush: false, CancellationToken.None);
}
