namespace Grpc.Core;

/// <summary>Is told what a <see cref="CallCredentials" /> is made of.</summary>
public abstract class CallCredentialsConfiguratorBase
{
    /// <summary>Several credentials as one.</summary>
    public abstract void SetCompositeCredentials(object? state, IReadOnlyList<CallCredentials> credentials);

    /// <summary>A function.</summary>
    public abstract void SetAsyncAuthInterceptorCredentials(object? state, AsyncAuthInterceptor interceptor);
}
