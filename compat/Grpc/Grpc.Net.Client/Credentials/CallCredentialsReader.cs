using Grpc.Core;

namespace Grpc.Net.Client.Credentials;

/// <summary>Takes call credentials apart: the functions that add headers.</summary>
internal sealed class CallCredentialsReader : CallCredentialsConfiguratorBase
{
    private readonly List<AsyncAuthInterceptor> _interceptors = [];

    internal static IReadOnlyList<AsyncAuthInterceptor> Read(CallCredentials credentials)
    {
        CallCredentialsReader reader = new();
        credentials.InternalPopulateConfiguration(reader, null);
        return reader._interceptors;
    }

    public override void SetCompositeCredentials(object? state, IReadOnlyList<CallCredentials> credentials)
    {
        foreach (CallCredentials part in credentials)
        {
            part.InternalPopulateConfiguration(this, null);
        }
    }

    public override void SetAsyncAuthInterceptorCredentials(object? state, AsyncAuthInterceptor interceptor) => _interceptors.Add(interceptor);
}
