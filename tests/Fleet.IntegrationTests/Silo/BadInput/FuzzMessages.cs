using Fleet.V1;
using Google.Protobuf;

namespace Fleet.IntegrationTests.Silo.BadInput;

/// <summary>Messages as a device sends them, and what a broken device could make of them. The same seed gives the same messages.</summary>
internal sealed class FuzzMessages(int seed)
{
    private readonly Random _random = new(seed);
    private readonly Guid[] _ids = [.. Enumerable.Range(0, 3).Select(_ => BadInputSilo.NewId())];
    private readonly int[] _sent = new int[3];
    private readonly bool[] _open = new bool[3];
    private ulong _sequence;

    public static UtteranceStart Start(Guid id, ulong sequence = 1) => new()
    {
        UtteranceId = id.ToString("D"),
        SequenceNumber = sequence,
        StartedAtUnixMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
        Format = new AudioFormat { Encoding = AudioFormat.Types.Encoding.PcmS16Le, SampleRateHz = 16_000, Channels = 1 },
        Trigger = Trigger.Vad,
    };

    public static DeviceMessage Chunk(Guid id, int offset, int length) => new()
    {
        AudioChunk = new AudioChunk { UtteranceId = id.ToString("D"), OffsetBytes = (ulong)offset, Pcm = ByteString.CopyFrom(new byte[length]) },
    };

    /// <summary>A hello as a rule, then messages of which most are as they should be, some are not, and some are only bytes.</summary>
    public IEnumerable<byte[]> Stream()
    {
        var count = _random.Next(1, 40);
        for (var i = 0; i < count; i++)
        {
            var message = i == 0 && _random.Next(20) > 0 ? new DeviceMessage { Hello = RawDevice.NewHello() } : Next();
            var bytes = message.ToByteArray();
            yield return _random.Next(30) == 0 ? Mutate(bytes) : bytes;
        }
    }

    private DeviceMessage Next()
    {
        var which = _random.Next(_ids.Length);
        var id = _ids[which];
        var kind = _random.Next(12);
        if (kind <= 8 && _random.Next(40) > 0)
        {
            // As a rule what is not open is started, and what is open is not started again.
            kind = _open[which] ? Math.Max(kind, 2) : 0;
        }

        switch (kind)
        {
            case 0 or 1:
                (_open[which], _sent[which]) = (true, 0);
                var start = Start(id, ++_sequence);
                Spoil(start);
                return new DeviceMessage { UtteranceStart = start };
            case 2 or 3 or 4 or 5 or 6:
                var length = 2 * _random.Next(4_000);
                var chunk = Chunk(id, _sent[which] + (_random.Next(25) == 0 ? 2 : 0), length);
                _sent[which] += length;
                return chunk;
            case 7 or 8:
                (_open[which], _ids[which]) = (false, BadInputSilo.NewId());
                return new DeviceMessage
                {
                    UtteranceEnd = new UtteranceEnd { UtteranceId = id.ToString("D"), LengthBytes = (ulong)(_sent[which] + (_random.Next(10) == 0 ? 2 : 0)) },
                };
            case 9:
                return new DeviceMessage { Heartbeat = new Heartbeat { Nonce = (ulong)_random.NextInt64(), SpoolBytes = (ulong)_random.NextInt64() } };
            case 10:
                return new DeviceMessage { SettingsApplied = new SettingsApplied { Version = (ulong)_random.NextInt64(), Error = Text(2_000) } };
            default:
                return _random.Next(4) == 0 ? new DeviceMessage() : new DeviceMessage { LogLines = new LogLines { Lines = { Text(40), Text(40) } } };
        }
    }

    private void Spoil(UtteranceStart start)
    {
        switch (_random.Next(15))
        {
            case 0:
                start.SequenceNumber = (ulong)_random.NextInt64() << 1;
                break;
            case 1:
                start.StartedAtUnixMs = _random.NextInt64(long.MinValue, long.MaxValue);
                break;
            case 2:
                start.Format.SampleRateHz = (uint)_random.Next();
                break;
            case 3:
                start.Format = null;
                break;
            case 4:
                start.UtteranceId = new Guid(Enumerable.Range(0, 16).Select(_ => (byte)_random.Next(256)).ToArray()).ToString("D");
                break;
            case 5:
                start.Keyword = Text(200);
                start.KeywordScore = (float)((_random.NextDouble() * 3) - 1);
                break;
            case 6:
                start.Trigger = (Trigger)_random.Next(-5, 50);
                break;
        }
    }

    private string Text(int maxLength) => string.Concat(
        Enumerable.Range(0, _random.Next(maxLength)).Select(_ => (char)(_random.Next(40) == 0 ? _random.Next(0, 32) : _random.Next(32, 0xD000))));

    private byte[] Mutate(byte[] bytes)
    {
        switch (_random.Next(3))
        {
            case 0:
                return bytes[.._random.Next(bytes.Length + 1)];
            case 1:
                var random = new byte[_random.Next(64)];
                _random.NextBytes(random);
                return random;
            default:
                for (var i = 0; i < 3 && bytes.Length > 0; i++)
                {
                    bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
                }

                return bytes;
        }
    }
}
