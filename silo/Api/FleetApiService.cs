using Fleet.Contracts.Actors;
using Fleet.Silo.Ingest;
using Fleet.Silo.Membership;
using Fleet.Silo.Telemetry;
using Fleet.Storage;
using Fleet.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Fleet.Silo.Api;

/// <summary>What people and programs ask of the fleet.</summary>
internal sealed partial class FleetApiService(
    IFleet fleet, DeviceStore devices, UtteranceStore utterances, TranscriptHistory history, AudioStore audio, ChangeFeed feed,
    SiloLeases leases, ICluster cluster, SiloStatus status, RetranscriptionParts retranscription, TimeProvider time, ILogger<FleetApiService> logger)
    : FleetApi.FleetApiBase
{
    private const int PieceBytes = 64 * 1024;
    private const long LastUnixMs = 253_402_300_799_999;

    public override Task<ListDevicesResponse> ListDevices(ListDevicesRequest request, ServerCallContext context) => MapFaultsAsync(async () =>
    {
        var presences = (await fleet.ListActiveAsync()).ToDictionary(presence => presence.DeviceId, StringComparer.Ordinal);
        var accounts = await history.ListAccountsAsync(context.CancellationToken);
        var response = new ListDevicesResponse();
        foreach (var device in await devices.ListAsync(context.CancellationToken))
        {
            response.Devices.Add(DeviceInfos.From(device, accounts.GetValueOrDefault(device.DeviceId, UtteranceAccount.Empty), presences.GetValueOrDefault(device.DeviceId)));
        }

        return response;
    });

    public override Task<SearchTranscriptsResponse> SearchTranscripts(SearchTranscriptsRequest request, ServerCallContext context) => MapFaultsAsync(async () =>
    {
        if (request.PageSize > HistoryQuery.MaxPageSize)
        {
            throw Invalid($"page_size is {request.PageSize}; ask for at most {HistoryQuery.MaxPageSize}.");
        }

        var (from, to) = TimeRange(request.FromUnixMs, request.ToUnixMs);
        var page = await history.SearchAsync(
            new HistoryQuery
            {
                Text = request.Query,
                DeviceIds = [.. request.DeviceIds],
                From = from,
                To = to,
                Statuses = [.. request.Statuses],
                PageSize = request.PageSize == 0 ? 50 : (int)request.PageSize,
                PageToken = request.PageToken,
                OldestFirst = request.OldestFirst,
            },
            context.CancellationToken);
        var response = new SearchTranscriptsResponse { NextPageToken = page.NextPageToken ?? "" };
        response.Transcripts.AddRange(page.Items.Select(item => TranscriptRecords.From(item.Utterance)));
        return response;
    });

    public override Task GetAudio(GetAudioRequest request, IServerStreamWriter<AudioPiece> responseStream, ServerCallContext context) => MapFaultsAsync(async () =>
    {
        var utteranceId = Key("", request.DeviceId, request.UtteranceId).UtteranceId;
        if (await audio.ReadAsync(request.DeviceId, utteranceId, context.CancellationToken) is not { } stored)
        {
            throw new RpcException(new Status(StatusCode.NotFound, $"There is no audio of utterance {utteranceId} of device {request.DeviceId}."));
        }

        var offset = 0;
        do
        {
            var length = Math.Min(PieceBytes, stored.Pcm.Length - offset);
            // The piece only borrows the bytes, which nobody changes any more.
            var piece = new AudioPiece { Pcm = UnsafeByteOperations.UnsafeWrap(stored.Pcm.Slice(offset, length)) };
            if (offset == 0)
            {
                piece.Format = new AudioFormat
                {
                    Encoding = AudioFormat.Types.Encoding.PcmS16Le,
                    SampleRateHz = (uint)stored.SampleRateHz,
                    Channels = 1,
                };
                piece.TotalBytes = (ulong)stored.Pcm.Length;
            }

            await responseStream.WriteAsync(piece, context.CancellationToken);
            offset += length;
        }
        while (offset < stored.Pcm.Length);
        return true;
    });

    public override Task WatchTranscripts(
        WatchTranscriptsRequest request, IServerStreamWriter<TranscriptChange> responseStream, ServerCallContext context) => MapFaultsAsync(async () =>
    {
        var from = FeedPosition.Start;
        if (request.ResumeToken.Length > 0 && !FeedPosition.TryParse(request.ResumeToken, out from))
        {
            throw Invalid("resume_token is not one that WatchTranscripts gave out; leave it empty to begin now, or send \"0\" for everything that is kept.");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, status.Stopping);
        try
        {
            if (request.ResumeToken.Length == 0)
            {
                from = await feed.CurrentAsync(stop.Token);
            }

            // The caller may act as soon as it sees this: from here on nothing is missed.
            await context.WriteResponseHeadersAsync([]);
            if (request.SendPosition)
            {
                await responseStream.WriteAsync(new TranscriptChange { ResumeToken = from.ToToken() }, stop.Token);
            }

            await foreach (var changes in feed.WatchAsync(from, stop.Token))
            {
                foreach (var change in changes)
                {
                    await responseStream.WriteAsync(TranscriptRecords.From(change), stop.Token);
                }
            }
        }
        catch (OperationCanceledException) when (status.Stopping.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The silo is stopping; call again with the last resume_token."));
        }

        return true;
    });

    private async Task<TResponse> MapFaultsAsync<TResponse>(Func<Task<TResponse>> call)
    {
        try
        {
            return await call();
        }
        catch (StorageUnavailableException exception)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, exception.Message));
        }
        catch (InvalidPageTokenException exception)
        {
            throw Invalid("page_token: " + exception.Message);
        }
        catch (Exception exception) when (exception is not RpcException and not OperationCanceledException and not IOException)
        {
            LogCallFailed(exception);
            throw new RpcException(new Status(StatusCode.Internal, "The silo failed at this call; its log says why."));
        }
    }

    private static (DateTimeOffset? From, DateTimeOffset? To) TimeRange(long fromUnixMs, long toUnixMs) => fromUnixMs > 0 && toUnixMs > 0 && fromUnixMs > toUnixMs
        ? throw Invalid($"from_unix_ms ({fromUnixMs}) is after to_unix_ms ({toUnixMs}); swap them.")
        : (Time("from_unix_ms", fromUnixMs), Time("to_unix_ms", toUnixMs));

    private static DateTimeOffset? Time(string field, long unixMs) => unixMs switch
    {
        0 => null,
        > 0 and <= LastUnixMs => DateTimeOffset.FromUnixTimeMilliseconds(unixMs),
        _ => throw Invalid($"{field} must be the milliseconds since 1970-01-01T00:00:00Z, before the year 10000."),
    };

    private static UtteranceKey Key(string prefix, string deviceId, string utteranceId)
    {
        if (MessageRules.CheckDeviceId(deviceId) is { } fault)
        {
            throw Invalid(prefix + fault);
        }

        return new UtteranceKey(deviceId, Uuid(prefix + "utterance_id", utteranceId));
    }

    private static Guid Uuid(string field, string text) =>
        Guid.TryParseExact(text, "D", out var id) ? id : throw Invalid($"{field} must be a UUID of 36 characters.");

    private static RpcException Invalid(string fault) => new(new Status(StatusCode.InvalidArgument, fault));

    [LoggerMessage(EventIds.CallFailed, LogLevel.Error, "A call of the fleet API failed.")]
    private partial void LogCallFailed(Exception exception);
}
