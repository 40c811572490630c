using Fleet.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Fleet.IntegrationTests.Silo;

/// <summary>A device that says what the test tells it to say; everything it waits for has a deadline.</summary>
internal sealed class TestDevice(DeviceIngest.DeviceIngestClient client, string key, string deviceId, Guid installId) : IAsyncDisposable
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(15);

    private AsyncDuplexStreamingCall<DeviceMessage, CloudMessage>? _call;
    private ulong _nextSequenceNumber = 1;

    public string DeviceId { get; } = deviceId;

    public Guid InstallId { get; } = installId;

    private AsyncDuplexStreamingCall<DeviceMessage, CloudMessage> Call => _call ?? throw new InvalidOperationException("Not connected.");

    public static byte[] Pcm(int bytes, int seed = 1)
    {
        var pcm = new byte[bytes];
        new Random(seed).NextBytes(pcm);
        return pcm;
    }

    public void Open()
    {
        _call?.Dispose();
        _call = client.Connect(new Metadata { { "authorization", $"Bearer {key}" } });
    }

    /// <summary>Opens a session; a call that ends instead throws its status.</summary>
    public async Task<Welcome> ConnectAsync(Action<Hello>? change = null)
    {
        Open();
        var hello = new Hello
        {
            ProtocolVersion = 1,
            DeviceId = DeviceId,
            InstallId = InstallId.ToString("D"),
            BootId = Guid.NewGuid().ToString("D"),
            AgentVersion = "test-device 1",
            NextSequenceNumber = _nextSequenceNumber,
        };
        change?.Invoke(hello);
        try
        {
            await SendAsync(new DeviceMessage { Hello = hello });
        }
        catch (RpcException)
        {
            // The call is over before it began: its answer says why, which a write need not.
        }

        return (await NextAsync()).Welcome;
    }

    public Task SendAsync(DeviceMessage message) => Call.RequestStream.WriteAsync(message).WaitAsync(_deadline);

    public Task HalfCloseAsync() => Call.RequestStream.CompleteAsync().WaitAsync(_deadline);

    public UtteranceStart NewStart(Guid utteranceId) => new()
    {
        UtteranceId = utteranceId.ToString("D"),
        SequenceNumber = _nextSequenceNumber++,
        StartedAtUnixMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
        Format = new AudioFormat { Encoding = AudioFormat.Types.Encoding.PcmS16Le, SampleRateHz = 16_000, Channels = 1 },
        Trigger = Trigger.Vad,
        Source = "test",
    };

    /// <summary>A whole utterance, in chunks of 100 ms.</summary>
    public async Task<Guid> SendUtteranceAsync(byte[] pcm, Guid? utteranceId = null)
    {
        var id = utteranceId ?? Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await SendAsync(new DeviceMessage { UtteranceStart = NewStart(id) });
        for (var offset = 0; offset < pcm.Length; offset += 3_200)
        {
            await SendChunkAsync(id, offset, pcm.AsMemory(offset, Math.Min(3_200, pcm.Length - offset)));
        }

        await SendEndAsync(id, pcm.Length);
        return id;
    }

    public Task SendChunkAsync(Guid id, int offset, ReadOnlyMemory<byte> pcm) => SendAsync(new DeviceMessage
    {
        AudioChunk = new AudioChunk { UtteranceId = id.ToString("D"), OffsetBytes = (ulong)offset, Pcm = ByteString.CopyFrom(pcm.Span) },
    });

    public Task SendEndAsync(Guid id, int length) => SendAsync(new DeviceMessage
    {
        UtteranceEnd = new UtteranceEnd { UtteranceId = id.ToString("D"), LengthBytes = (ulong)length, Reason = UtteranceEnd.Types.Reason.Silence },
    });

    /// <summary>Where these utterances stand, as the silo says.</summary>
    public async Task<ResumePoint[]> AskAsync(params Guid[] ids)
    {
        await SendAsync(new DeviceMessage { ResumeQuery = new ResumeQuery { UtteranceIds = { ids.Select(id => id.ToString("D")) } } });
        return [.. (await NextAsync(CloudMessage.KindOneofCase.ResumePoints)).ResumePoints.Points];
    }

    public UtteranceLost NewLoss(Guid utteranceId, UtteranceLost.Types.Reason reason = UtteranceLost.Types.Reason.SpoolFull) => new()
    {
        UtteranceId = utteranceId.ToString("D"),
        SequenceNumber = _nextSequenceNumber++,
        StartedAtUnixMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
        Clock = Clock.Server,
        Trigger = Trigger.Vad,
        Reason = reason,
        LengthBytes = 32_000,
    };

    /// <summary>The next message of a kind; others are passed over.</summary>
    public async Task<CloudMessage> NextAsync(CloudMessage.KindOneofCase kind)
    {
        CloudMessage message;
        do
        {
            message = await NextAsync();
        }
        while (message.KindCase != kind);
        return message;
    }

    /// <summary>The session is alive: a heartbeat is answered.</summary>
    public async Task BeatAsync(ulong nonce)
    {
        await SendAsync(new DeviceMessage { Heartbeat = new Heartbeat { Nonce = nonce } });
        (await NextAsync(CloudMessage.KindOneofCase.HeartbeatAck)).HeartbeatAck.Nonce.ShouldBe(nonce);
    }

    /// <summary>The next message; throws the call's status when there is none.</summary>
    public async Task<CloudMessage> NextAsync()
    {
        using var late = new CancellationTokenSource(_deadline);
        if (!await Call.ResponseStream.MoveNext(late.Token))
        {
            throw new RpcException(Call.GetStatus(), "The call ended.");
        }

        return Call.ResponseStream.Current;
    }

    public async Task<UtteranceStored> StoredAsync(Guid id)
    {
        var message = await NextAsync();
        message.KindCase.ShouldBe(CloudMessage.KindOneofCase.UtteranceStored, message.ToString());
        message.UtteranceStored.UtteranceId.ShouldBe(id.ToString("D"));
        return message.UtteranceStored;
    }

    public async Task<Transcript> TranscriptAsync(Guid id)
    {
        var message = await NextAsync();
        message.KindCase.ShouldBe(CloudMessage.KindOneofCase.Transcript, message.ToString());
        message.Transcript.UtteranceId.ShouldBe(id.ToString("D"));
        return message.Transcript;
    }

    /// <summary>Reads until the call ends; its status.</summary>
    public async Task<Status> EndAsync()
    {
        try
        {
            while (true)
            {
                await NextAsync();
            }
        }
        catch (RpcException exception)
        {
            return exception.Status;
        }
    }

    public ValueTask DisposeAsync()
    {
        _call?.Dispose();
        return ValueTask.CompletedTask;
    }
}
