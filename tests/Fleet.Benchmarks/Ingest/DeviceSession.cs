using System.Diagnostics;
using Fleet.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Fleet.Benchmarks.Ingest;

/// <summary>One session of a simulated device: it keeps to its credit, heartbeats, and says what became of what it sent.</summary>
internal sealed class DeviceSession : IAsyncDisposable
{
    // As an agent sends: 100 ms while somebody speaks, a second of what is complete.
    private const int LiveChunkBytes = DeviceAudio.BytesPerSecond / 10;
    private const int BacklogChunkBytes = DeviceAudio.BytesPerSecond;

    private readonly AsyncDuplexStreamingCall<DeviceMessage, CloudMessage> _call;
    private readonly DeviceSpool _spool;
    private readonly DeviceTotals _totals;
    private readonly DeviceAudio _audio;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _draining = new();
    private readonly Dictionary<string, int> _sentBytes = [];
    private readonly Lock _lock = new();
    private readonly Signal _creditChanged = new();
    private long _credit;
    private long _outstandingBytes;
    private Task _reading = Task.CompletedTask;
    private Task _beating = Task.CompletedTask;

    private DeviceSession(
        AsyncDuplexStreamingCall<DeviceMessage, CloudMessage> call, DeviceSpool spool, DeviceTotals totals, DeviceAudio audio, TimeProvider time)
    {
        _call = call;
        _spool = spool;
        _totals = totals;
        _audio = audio;
        _time = time;
    }

    /// <summary>Cancelled when the session is over.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Cancelled when the silo has asked to finish and to connect elsewhere.</summary>
    public CancellationToken Draining => _draining.Token;

    public static async Task<DeviceSession> OpenAsync(
        DeviceIngest.DeviceIngestClient client, string key, Hello hello, DeviceSpool spool, DeviceTotals totals, DeviceAudio audio, TimeProvider time,
        CancellationToken cancellationToken)
    {
        // The call lives as long as the session, not as long as its opening.
        DeviceSession session = new(
            client.Connect(new Metadata { { "authorization", $"Bearer {key}" } }, cancellationToken: CancellationToken.None), spool, totals, audio,
            time);
        try
        {
            await session._call.RequestStream.WriteAsync(new DeviceMessage { Hello = hello }, CancellationToken.None);
            if (!await session._call.ResponseStream.MoveNext(cancellationToken))
            {
                throw new RpcException(session._call.GetStatus());
            }

            var welcome = session._call.ResponseStream.Current.Welcome;
            session._credit = (long)welcome.CreditBytes;
            session._reading = session.ReadAsync();
            session._beating = session.BeatAsync(TimeSpan.FromMilliseconds(welcome.HeartbeatIntervalMs));
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public async Task SendAsync(Spoken spoken)
    {
        await WriteAsync(new DeviceMessage { UtteranceStart = Start(spoken) });
        var length = _audio.Pcm.Length;
        for (var offset = 0; offset < length;)
        {
            var available = spoken.AvailableBytes(length, DeviceAudio.BytesPerSecond) - offset;
            if (available < Math.Min(LiveChunkBytes, length - offset))
            {
                var missing = Math.Min(LiveChunkBytes, length - offset) - available;
                await Task.Delay(TimeSpan.FromSeconds((double)missing / DeviceAudio.BytesPerSecond) + TimeSpan.FromMilliseconds(1), _time, Ended);
                continue;
            }

            // Whole samples.
            var count = Math.Min(available, BacklogChunkBytes) & ~1;
            await TakeCreditAsync(spoken, count);
            if (spoken.Refused)
            {
                return;
            }

            await WriteAsync(new DeviceMessage
            {
                AudioChunk = new AudioChunk
                {
                    UtteranceId = spoken.Id, OffsetBytes = (ulong)offset, Pcm = UnsafeByteOperations.UnsafeWrap(_audio.Pcm.Slice(offset, count)),
                },
            });
            offset += count;
        }

        spoken.EndTimestamp = Stopwatch.GetTimestamp();
        await WriteAsync(new DeviceMessage
        {
            UtteranceEnd = new UtteranceEnd
            {
                UtteranceId = spoken.Id, LengthBytes = (ulong)length, Crc32C = _audio.Crc32C, Reason = UtteranceEnd.Types.Reason.Silence,
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _call.Dispose();
        await _reading;
        await _beating;
        _ended.Dispose();
        _draining.Dispose();
        _writing.Dispose();
    }

    private static UtteranceStart Start(Spoken spoken) => new()
    {
        UtteranceId = spoken.Id,
        SequenceNumber = spoken.SequenceNumber,
        StartedAtUnixMs = spoken.StartedAtUnixMs,
        Format = new AudioFormat { Encoding = AudioFormat.Types.Encoding.PcmS16Le, SampleRateHz = 16_000, Channels = 1 },
        Trigger = Trigger.Vad,
        Source = "benchmark",
        Clock = Clock.Server,
    };

    private async Task WriteAsync(DeviceMessage message)
    {
        await _writing.WaitAsync(Ended);
        try
        {
            await _call.RequestStream.WriteAsync(message);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task TakeCreditAsync(Spoken spoken, int bytes)
    {
        while (true)
        {
            var changed = _creditChanged.Next;
            lock (_lock)
            {
                if (spoken.Refused)
                {
                    return;
                }

                if (_outstandingBytes + bytes <= _credit)
                {
                    _outstandingBytes += bytes;
                    _sentBytes[spoken.Id] = _sentBytes.GetValueOrDefault(spoken.Id) + bytes;
                    return;
                }
            }

            await changed.WaitAsync(Ended);
        }
    }

    private void Release(string id)
    {
        lock (_lock)
        {
            if (_sentBytes.Remove(id, out var bytes))
            {
                _outstandingBytes -= bytes;
            }
        }

        _creditChanged.Set();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(CancellationToken.None))
            {
                Handle(_call.ResponseStream.Current);
            }

            _totals.OnSessionBroken(_call.GetStatus().ToString());
        }
        catch (Exception) when (_ended.IsCancellationRequested)
        {
            // We ended it.
        }
        catch (Exception exception) when (exception is RpcException or IOException)
        {
            _totals.OnSessionBroken(exception.Message);
        }
        finally
        {
            await _ended.CancelAsync();
        }
    }

    private void Handle(CloudMessage message)
    {
        switch (message.KindCase)
        {
            case CloudMessage.KindOneofCase.UtteranceStored:
                Release(message.UtteranceStored.UtteranceId);
                if (_spool.Stored(message.UtteranceStored.UtteranceId) is { } stored)
                {
                    _totals.OnStored(stored);
                }

                break;
            case CloudMessage.KindOneofCase.UtteranceRejected:
                _totals.OnRefused(message.UtteranceRejected.Message);
                // First back to the spool: the sender then sees that it need not go on with it.
                _spool.Refused(message.UtteranceRejected.UtteranceId);
                Release(message.UtteranceRejected.UtteranceId);
                break;
            case CloudMessage.KindOneofCase.Drain:
                _draining.Cancel();
                break;
            case CloudMessage.KindOneofCase.Slow:
                lock (_lock)
                {
                    _credit = (long)message.Slow.CreditBytes;
                }

                _creditChanged.Set();
                break;
        }
    }

    private async Task BeatAsync(TimeSpan interval)
    {
        using PeriodicTimer timer = new(interval, _time);
        try
        {
            for (ulong nonce = 1; await timer.WaitForNextTickAsync(Ended); nonce++)
            {
                await WriteAsync(new DeviceMessage
                {
                    Heartbeat = new Heartbeat
                    {
                        Nonce = nonce,
                        SpoolUtterances = (uint)_spool.Count,
                        NextSequenceNumber = _spool.NextSequenceNumber,
                        SettledBelow = _spool.SettledBelow,
                    },
                });
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or RpcException or IOException or InvalidOperationException)
        {
            // The session is over: its reader says why.
        }
    }
}
