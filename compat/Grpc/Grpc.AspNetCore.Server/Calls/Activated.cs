namespace Grpc.AspNetCore.Server.Calls;

/// <summary>A service or interceptor of one call; one that was made for the call is disposed with it, one of the container is the container's.</summary>
internal readonly record struct Activated<T>(T Instance, bool Owned) : IAsyncDisposable
    where T : class
{
    public ValueTask DisposeAsync()
    {
        if (!Owned)
        {
            return default;
        }

        if (Instance is IAsyncDisposable asyncDisposable)
        {
            return asyncDisposable.DisposeAsync();
        }

        (Instance as IDisposable)?.Dispose();
        return default;
    }
}
