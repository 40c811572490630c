using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>One call of one method: its content, and how its reply is read.</summary>
internal sealed class ClientCall<TRequest, TResponse>(GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options)
    : ClientCall(channel, method, host, options)
    where TRequest : class
    where TResponse : class
{
    internal HttpContent CreateContent(TRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new MessageContent<TRequest>(this, request, method.RequestMarshaller.ContextualSerializer);
    }

    internal RequestStreamWriter<TRequest> CreateRequestStream(out HttpContent content)
    {
        RequestSender sender = new(Channel.Options.MaxSendMessageSize, Token);
        RequestStream = sender;
        content = new RequestStreamContent(sender);
        return new RequestStreamWriter<TRequest>(this, sender, method.RequestMarshaller);
    }

    internal Task<TResponse> StartSingleResponse(HttpContent content)
    {
        Task<TResponse> response = ReadSingleResponseAsync(content);

        // A call that is disposed without a look at its response fails, and nobody is to be told.
        Observe(response);
        return response;
    }

    internal ResponseStreamReader<TResponse> StartResponseStream(HttpContent content)
    {
        Task<MessageReader?> started = StartAsync(content);
        Observe(started);
        return new ResponseStreamReader<TResponse>(this, method.ResponseMarshaller, started);
    }

    private async Task<TResponse> ReadSingleResponseAsync(HttpContent content)
    {
        try
        {
            LacksMessage = true;

            // Null only of a reply without a message, which SendAsync has made a failure.
            MessageReader reader = (await SendAsync(content).ConfigureAwait(false))!;
            TResponse? message = await reader.ReadAsync(method.ResponseMarshaller.ContextualDeserializer, Token).ConfigureAwait(false);
            LacksMessage = message is null;
            if (message is not null)
            {
                await reader.ReadEndAsync(Token).ConfigureAwait(false);
            }

            EndWithTrailers();
            return message!; // Else EndWithTrailers has thrown.
        }
        catch (Exception exception)
        {
            throw Fail("Error starting gRPC call.", exception);
        }
    }

    private async Task<MessageReader?> StartAsync(HttpContent content)
    {
        try
        {
            return await SendAsync(content).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw Fail("Error starting gRPC call.", exception);
        }
    }
}
