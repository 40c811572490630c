using System.Threading.Channels;
using Fleet.DeviceAgent.Uplink;
using Fleet.V1;
using Google.Protobuf;

namespace Fleet.UnitTests.Agent.Uplink;

/// <summary>One call, seen from the cloud.</summary>
internal sealed class FakeSession : IIngestConnection
{
    private readonly Channel<DeviceMessage> _up = Channel.CreateBounded<DeviceMessage>(10_000);
    private readonly Channel<CloudMessage> _down = Channel.CreateBounded<CloudMessage>(10_000);

    public bool IsHalfClosed { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>A link that has died without a word: nothing goes out any more, and nobody says so.</summary>
    public bool IsBlackHole { get; set; }

    public async Task SendAsync(DeviceMessage message, CancellationToken cancellationToken)
    {
        if (IsBlackHole)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        // A copy: the device reuses its buffers.
        await _up.Writer.WriteAsync(DeviceMessage.Parser.ParseFrom(message.ToByteArray()), cancellationToken);
    }

    public Task CompleteAsync(CancellationToken cancellationToken)
    {
        IsHalfClosed = true;
        _down.Writer.TryComplete();
        return Task.CompletedTask;
    }

    public IAsyncEnumerable<CloudMessage> ReadAllAsync(CancellationToken cancellationToken) => _down.Reader.ReadAllAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    public void Send(CloudMessage message) => _down.Writer.TryWrite(message).ShouldBeTrue();

    public void Welcome(
        long creditBytes = 4 << 20, uint heartbeatMs = 15_000, DateTimeOffset? serverTime = null, string generation = "", params string[] capabilities) =>
        Send(new CloudMessage
        {
            Welcome = new Welcome
            {
                SessionEpoch = 1,
                CreditBytes = (ulong)creditBytes,
                HeartbeatIntervalMs = heartbeatMs,
                MaxUtteranceBytes = 4 << 20,
                ServerTimeUnixMs = serverTime?.ToUnixTimeMilliseconds() ?? 1_767_225_600_000,
                Silo = "fake",
                StorageGeneration = generation,
                Capabilities = { capabilities },
            },
        });

    public void Points(params (string Id, bool IsStored, ulong ReceivedBytes)[] points) => Send(new CloudMessage
    {
        ResumePoints = new ResumePoints
        {
            Points =
            {
                points.Select(point => new ResumePoint { UtteranceId = point.Id, Stored = point.IsStored, ReceivedBytes = point.ReceivedBytes }),
            },
        },
    });

    public void HeartbeatAck(ulong nonce, DateTimeOffset serverTime) => Send(new CloudMessage
    {
        HeartbeatAck = new HeartbeatAck { Nonce = nonce, ServerTimeUnixMs = serverTime.ToUnixTimeMilliseconds() },
    });

    public void Reject(string utteranceId, UtteranceRejected.Types.Code code, bool retryable, string message = "told by the test") =>
        Send(new CloudMessage
        {
            UtteranceRejected = new UtteranceRejected { UtteranceId = utteranceId, Code = code, Retryable = retryable, Message = message },
        });

    public void Stored(string utteranceId) =>
        Send(new CloudMessage { UtteranceStored = new UtteranceStored { UtteranceId = utteranceId } });

    public void Fail(IngestFault fault, string message = "told by the test") =>
        _down.Writer.TryComplete(new IngestException(fault, message));

    public ValueTask<DeviceMessage> NextAsync() => Deadline.Of(_up.Reader.ReadAsync(), "a message of the device");

    public bool TryNext(out DeviceMessage? message) => _up.Reader.TryRead(out message);

    public async Task<Hello> HelloAsync() => (await NextAsync()).Hello.ShouldNotBeNull();

    public async Task<ResumeQuery> QueryAsync() => (await NextButHeartbeatsAsync()).ResumeQuery.ShouldNotBeNull();

    /// <summary>The next whole utterance, with chunks in order; of a resumed one what was missing.</summary>
    public async Task<(UtteranceStart Start, byte[] Pcm, UtteranceEnd End)> UtteranceAsync()
    {
        var start = (await NextButHeartbeatsAsync()).UtteranceStart.ShouldNotBeNull();
        var resumed = start.ResumeFromBytes;
        var pcm = new List<byte>();
        while (true)
        {
            var message = await NextButHeartbeatsAsync();
            if (message.UtteranceEnd is { } end)
            {
                end.UtteranceId.ShouldBe(start.UtteranceId);
                end.LengthBytes.ShouldBe(resumed + (ulong)pcm.Count);
                return (start, [.. pcm], end);
            }

            var chunk = message.AudioChunk.ShouldNotBeNull();
            chunk.UtteranceId.ShouldBe(start.UtteranceId);
            chunk.OffsetBytes.ShouldBe(resumed + (ulong)pcm.Count);
            pcm.AddRange(chunk.Pcm);
        }
    }

    private async Task<DeviceMessage> NextButHeartbeatsAsync()
    {
        while (true)
        {
            var message = await NextAsync();
            if (message.KindCase != DeviceMessage.KindOneofCase.Heartbeat)
            {
                return message;
            }
        }
    }
}
