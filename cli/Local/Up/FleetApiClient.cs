using Fleet.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.Cli.Local.Up;

/// <summary>What the launcher asks the silo: who is online, and when the first transcript comes.</summary>
internal sealed class FleetApiClient : IDisposable
{
    private static readonly TimeSpan _callTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _retryInterval = TimeSpan.FromSeconds(1);

    private readonly GrpcChannel _channel;
    private readonly FleetApi.FleetApiClient _client;
    private readonly Metadata _headers;
    private readonly TimeProvider _timeProvider;

    public FleetApiClient(string address, string apiKey, TimeProvider timeProvider)
    {
        _channel = GrpcChannel.ForAddress(address);
        _client = new FleetApi.FleetApiClient(_channel);
        _headers = new Metadata { { "authorization", $"Bearer {apiKey}" } };
        _timeProvider = timeProvider;
    }

    public async Task<int> CountOnlineAsync(CancellationToken cancellationToken)
    {
        var devices = await _client.ListDevicesAsync(
            new ListDevicesRequest(), _headers, _timeProvider.GetUtcNow().UtcDateTime + _callTimeout, cancellationToken);
        return devices.Devices.Count(device => device.Online);
    }

    /// <summary>Ends with the first transcript that is stored from now on; goes on through restarts of the silo.</summary>
    public async Task WaitForTranscriptAsync(CancellationToken cancellationToken)
    {
        var resume = "";
        while (true)
        {
            try
            {
                using var call = _client.WatchTranscripts(
                    new WatchTranscriptsRequest { ResumeToken = resume }, _headers, deadline: null, cancellationToken);
                while (await call.ResponseStream.MoveNext(cancellationToken))
                {
                    var change = call.ResponseStream.Current;
                    resume = change.ResumeToken;
                    if (change.Transcript?.Status == UtteranceStatus.Transcribed)
                    {
                        return;
                    }
                }
            }
            catch (RpcException) when (!cancellationToken.IsCancellationRequested)
            {
                // The silo is away for the moment: the supervisor says so, and we ask again.
            }

            await Task.Delay(_retryInterval, _timeProvider, cancellationToken);
        }
    }

    public void Dispose() => _channel.Dispose();
}
