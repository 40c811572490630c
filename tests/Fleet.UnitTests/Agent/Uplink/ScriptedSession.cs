using System.Threading.Channels;
using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Uplink;
using Fleet.V1;
using Code = Fleet.V1.UtteranceRejected.Types.Code;

namespace Fleet.UnitTests.Agent.Uplink;

/// <summary>One call of the <see cref="ScriptedCloud"/>, whose lock guards it.</summary>
internal sealed class ScriptedSession(ScriptedCloud cloud) : IIngestConnection
{
    private readonly Channel<CloudMessage> _down = Channel.CreateBounded<CloudMessage>(10_000);
    private readonly Dictionary<string, (UtteranceStart Start, MemoryStream Pcm)> _open = [];
    private readonly HashSet<string> _ignored = [];
    private readonly Queue<CloudMessage> _late = [];
    private readonly long _credit = cloud.Choose(70_000, 200_000, 1 << 20);
    private long _outstanding;
    private bool _isBroken;

    public Task SendAsync(DeviceMessage message, CancellationToken cancellationToken)
    {
        lock (cloud.Gate)
        {
            if (!_isBroken && cloud.Strikes(60))
            {
                Break(); // the message is lost with the link
            }

            if (_isBroken)
            {
                throw new IngestException(IngestFault.Unavailable, "the link is cut");
            }

            Handle(message);
            if (cloud.Strikes(60))
            {
                Break(); // its answer may be lost
            }

            return Task.CompletedTask;
        }
    }

    public Task CompleteAsync(CancellationToken cancellationToken)
    {
        lock (cloud.Gate)
        {
            foreach (var id in _open.Keys)
            {
                Reject(id, Code.Damaged);
            }

            _open.Clear();
            _isBroken = true;
            _down.Writer.TryComplete();
            return Task.CompletedTask;
        }
    }

    public IAsyncEnumerable<CloudMessage> ReadAllAsync(CancellationToken cancellationToken) => _down.Reader.ReadAllAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        lock (cloud.Gate)
        {
            Break();
        }

        return ValueTask.CompletedTask;
    }

    public void Break()
    {
        if (_isBroken)
        {
            return;
        }

        _isBroken = true;
        foreach (var (id, (_, pcm)) in _open)
        {
            if (pcm.Length > 0 && !cloud.Strikes(4))
            {
                cloud.Parked[id] = pcm.ToArray();
            }
        }

        _open.Clear();
        _down.Writer.TryComplete(new IngestException(IngestFault.Unavailable, "the link is cut"));
    }

    public void Pump()
    {
        while (_late.TryDequeue(out var message))
        {
            Send(message);
        }
    }

    private void Handle(DeviceMessage message)
    {
        switch (message.KindCase)
        {
            case DeviceMessage.KindOneofCase.Hello:
                cloud.CheckSettled(message.Hello.NextSequenceNumber, message.Hello.SettledBelow);
                if (!cloud.Strikes(30))
                {
                    Send(Welcome());
                }

                break;
            case DeviceMessage.KindOneofCase.Heartbeat:
                cloud.CheckSettled(message.Heartbeat.NextSequenceNumber, message.Heartbeat.SettledBelow);
                Answer(new CloudMessage
                {
                    HeartbeatAck = new HeartbeatAck
                    {
                        Nonce = message.Heartbeat.Nonce,
                        ServerTimeUnixMs = cloud.ServerTime.ToUnixTimeMilliseconds(),
                    },
                });
                break;
            case DeviceMessage.KindOneofCase.ResumeQuery when !cloud.Strikes(8):
                Answer(new CloudMessage { ResumePoints = new ResumePoints { Points = { message.ResumeQuery.UtteranceIds.Select(Point) } } });
                break;
            case DeviceMessage.KindOneofCase.UtteranceStart:
                Handle(message.UtteranceStart);
                break;
            case DeviceMessage.KindOneofCase.AudioChunk:
                Handle(message.AudioChunk);
                break;
            case DeviceMessage.KindOneofCase.UtteranceEnd:
                Handle(message.UtteranceEnd);
                break;
            case DeviceMessage.KindOneofCase.UtteranceLost:
                cloud.Lost[message.UtteranceLost.UtteranceId] = message.UtteranceLost;
                Answer(new CloudMessage { UtteranceStored = new UtteranceStored { UtteranceId = message.UtteranceLost.UtteranceId } });
                break;
        }

        if (cloud.Strikes(80))
        {
            Send(new CloudMessage { Slow = new Slow { CreditBytes = 0 } });
            _late.Enqueue(new CloudMessage { Slow = new Slow { CreditBytes = (ulong)_credit } });
        }

        if (cloud.Strikes(150))
        {
            Send(new CloudMessage { Drain = new Drain { WithinMs = 2000, ReconnectJitterMs = 1000 } });
        }
    }

    private void Handle(UtteranceStart start)
    {
        var id = start.UtteranceId;
        _ignored.Remove(id);
        Check(!_open.ContainsKey(id), $"{id} was started twice");
        Check(_open.Count < 8, "more than 8 are open");
        Check(start.Clock != Clock.Unspecified, "no clock");
        Check(Guid.Parse(id).Version == 7, "not a UUID of version 7");
        Check(DeviceAgent.Identity.UtteranceIds.TimeOf(Guid.Parse(id)) < cloud.ServerTime.AddDays(1), "an id more than a day ahead");
        cloud.Parked.Remove(id, out var parked);
        if (start.ResumeFromBytes > 0)
        {
            if (parked is null || (ulong)parked.Length != start.ResumeFromBytes || cloud.Strikes(6))
            {
                Ignore(id, Code.Damaged);
                return;
            }

            cloud.Resumed++;
        }
        else
        {
            parked = [];
        }

        if (cloud.Strikes(20))
        {
            Ignore(id, Code.Unavailable);
            return;
        }

        var pcm = new MemoryStream();
        pcm.Write(parked);
        _open[id] = (start, pcm);
        Count(parked.Length);
    }

    private void Handle(AudioChunk chunk)
    {
        if (!_open.TryGetValue(chunk.UtteranceId, out var open))
        {
            Check(_ignored.Contains(chunk.UtteranceId), $"a chunk of {chunk.UtteranceId}, which is not open");
            return;
        }

        Check(chunk.OffsetBytes == (ulong)open.Pcm.Length, $"a chunk at {chunk.OffsetBytes}, expected at {open.Pcm.Length}");
        chunk.Pcm.WriteTo(open.Pcm);
        Count(chunk.Pcm.Length);
    }

    private void Handle(UtteranceEnd end)
    {
        var id = end.UtteranceId;
        if (!_open.Remove(id, out var open))
        {
            Check(_ignored.Remove(id), $"an end of {id}, which is not open");
            return;
        }

        var pcm = open.Pcm.ToArray();
        Count(-pcm.Length);
        Check(end.LengthBytes == (ulong)pcm.Length, $"the length is {end.LengthBytes}, {pcm.Length} bytes arrived");
        Check(end.Crc32C == Crc32C.Of(pcm), "the checksum does not fit");
        if (cloud.Strikes(12))
        {
            Reject(id, cloud.Choose(0, 1) == 0 ? Code.Unavailable : Code.Damaged);
            return;
        }

        var isDuplicate = !cloud.Stored.TryAdd(id, (open.Start, pcm));
        Answer(new CloudMessage { UtteranceStored = new UtteranceStored { UtteranceId = id, Duplicate = isDuplicate } });
    }

    private ResumePoint Point(string id)
    {
        // A cloud that cannot ask its database in time says that it has nothing.
        var isStored = cloud.Stored.ContainsKey(id) && !cloud.Strikes(10);
        return new ResumePoint
        {
            UtteranceId = id,
            Stored = isStored,
            ReceivedBytes = isStored ? 0 : (ulong)(cloud.Parked.GetValueOrDefault(id)?.Length ?? 0),
        };
    }

    private CloudMessage Welcome() => new()
    {
        Welcome = new Welcome
        {
            SessionEpoch = 1,
            CreditBytes = (ulong)_credit,
            HeartbeatIntervalMs = 15_000,
            MaxUtteranceBytes = 1 << 20,
            ServerTimeUnixMs = cloud.ServerTime.ToUnixTimeMilliseconds(),
            Silo = "scripted",
            Capabilities = { "lost", "resume" },
        },
    };

    private void Count(int bytes)
    {
        _outstanding += bytes;
        Check(_outstanding <= _credit, $"{_outstanding} bytes are not answered, {_credit} are allowed");
    }

    private void Ignore(string id, Code code)
    {
        _ignored.Add(id);
        Reject(id, code);
    }

    private void Reject(string id, Code code) =>
        Answer(new CloudMessage { UtteranceRejected = new UtteranceRejected { UtteranceId = id, Code = code, Retryable = true, Message = "seeded" } });

    /// <summary>Late, twice or once.</summary>
    private void Answer(CloudMessage message)
    {
        if (cloud.Strikes(5))
        {
            _late.Enqueue(message);
            return;
        }

        Send(message);
        if (message.UtteranceStored is not null && cloud.Strikes(8))
        {
            Send(message);
        }
    }

    private void Send(CloudMessage message) => _down.Writer.TryWrite(message);

    private void Check(bool condition, string violation)
    {
        if (!condition)
        {
            cloud.Violations.Add(violation);
        }
    }
}
