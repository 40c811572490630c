using Fleet.Health.V1;
using Fleet.Silo.Membership;
using Grpc.Core;
using static Fleet.Health.V1.HealthCheckResponse.Types;

namespace Fleet.Silo.Health;

/// <summary>grpc.health.v1 over the readiness that /healthz/ready shows. Anybody may ask, so it says the status and never the reason.</summary>
internal sealed class HealthService(SiloStatus status, IActorHost actors, TimeProvider time) : Fleet.Health.V1.Health.HealthBase
{
    public const string Name = "grpc.health.v1.Health";

    /// <summary>No credential is asked for: this bounds what strangers can hold open.</summary>
    public const int MaxWatchers = 200;

    // A cluster's membership changes without a signal.
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);

    private static readonly HashSet<string> _services = ["", "fleet.v1.DeviceIngest", "fleet.v1.FleetApi", Name];

    private readonly WatcherCount _watchers = new();

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        _services.Contains(request.Service)
            ? Task.FromResult(new HealthCheckResponse { Status = Current })
            : throw new RpcException(new Status(StatusCode.NotFound, "This silo has no such service."));

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        if (!_watchers.TryEnter())
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"{MaxWatchers} watch already; ask with Check, or try again later."));
        }

        try
        {
            await WatchAsync(request.Service, responseStream, context.CancellationToken);
        }
        finally
        {
            _watchers.Leave();
        }
    }

    private ServingStatus Current => (status.NotReadyBecause ?? actors.NotReadyBecause) is null ? ServingStatus.Serving : ServingStatus.NotServing;

    private async Task WatchAsync(string service, IServerStreamWriter<HealthCheckResponse> responses, CancellationToken callCancelled)
    {
        ServingStatus? sent = null;
        while (true)
        {
            // Taken before the status is read: a change between the two is not missed.
            var changed = status.Changed;
            var current = _services.Contains(service) ? Current : ServingStatus.ServiceUnknown;
            if (current != sent)
            {
                await responses.WriteAsync(new HealthCheckResponse { Status = current }, callCancelled);
                sent = current;
            }

            if (status.Stopping.IsCancellationRequested)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, "The silo is stopping; connect again."));
            }

            await Task.WhenAny(changed, Task.Delay(_look, time, callCancelled));
            callCancelled.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The calls of Watch that are open.</summary>
    private sealed class WatcherCount
    {
        private int _open;

        public bool TryEnter()
        {
            if (Interlocked.Increment(ref _open) <= MaxWatchers)
            {
                return true;
            }

            Leave();
            return false;
        }

        public void Leave() => Interlocked.Decrement(ref _open);
    }
}
