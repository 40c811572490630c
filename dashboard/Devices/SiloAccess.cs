using Fleet.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Fleet.Dashboard.Devices;

/// <summary>Calls of the silo's API: the key, the longest wait, and what to tell people when there is no answer.</summary>
internal sealed class SiloAccess(FleetApi.FleetApiClient silo, IOptions<FleetApiOptions> options, TimeProvider time)
{
    public Uri Address => options.Value.Address;

    /// <summary>True for what <see cref="Explain"/> has words for.</summary>
    public static bool IsNoAnswer(Exception exception) =>
        exception is RpcException or IOException or UnauthorizedAccessException or HttpRequestException;

    public async Task<TAnswer> CallAsync<TAnswer>(
        Func<FleetApi.FleetApiClient, Metadata, DateTime, AsyncUnaryCall<TAnswer>> call, CancellationToken cancellationToken)
    {
        var headers = await CredentialAsync(cancellationToken);
        return await call(silo, headers, time.GetUtcNow().UtcDateTime.AddMilliseconds(options.Value.TimeoutMilliseconds));
    }

    public string Explain(Exception exception) => exception switch
    {
        RpcException { StatusCode: StatusCode.Unauthenticated or StatusCode.PermissionDenied } =>
            "The silo does not take the dashboard's API key: compare Fleet:Api:KeyFile with the silo's.",
        RpcException { StatusCode: StatusCode.Unimplemented } => "The silo is too old for this: update it.",
        RpcException { StatusCode: StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition } refused => refused.Status.Detail,
        UnauthorizedAccessException => "The file of Fleet:Api:KeyFile may not be read by the dashboard.",
        IOException => "The file of Fleet:Api:KeyFile is not there yet.",
        _ => $"The silo does not answer at {Address.GetLeftPart(UriPartial.Authority)}.",
    };

    private async Task<Metadata> CredentialAsync(CancellationToken cancellationToken)
    {
        var headers = new Metadata();
        if (options.Value.KeyFile is { Length: > 0 } path)
        {
            var key = await File.ReadAllTextAsync(path, cancellationToken);
            headers.Add("authorization", $"Bearer {key.Trim()}");
        }

        return headers;
    }
}
