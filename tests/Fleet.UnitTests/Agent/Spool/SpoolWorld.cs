using System.Globalization;
using Fleet.DeviceAgent.Identity;
using Fleet.DeviceAgent.Spool;
using Fleet.Testing.Time;
using Fleet.UnitTests.Agent.Spool.Disk;
using Fleet.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.UnitTests.Agent.Spool;

/// <summary>An agent's spool on a disk that may fail in every way, a cloud that answers, and what must be true of them whatever happens.</summary>
internal sealed class SpoolWorld
{
    private const string Folder = "/state";

    private readonly FakeDisk _disk = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Random _random;
    private readonly SpoolOptions _options;

    // What was said, by utterance id: corrected ones under both.
    private readonly Dictionary<string, Said> _said = [];

    // What the cloud has a row for, by number.
    private readonly Dictionary<ulong, HashSet<string>> _rows = [];
    private Install _install;
    private UtteranceSpool _spool;
    private SpoolWriter? _writer;
    private Said? _current;

    public SpoolWorld(int seed)
    {
        _random = new Random(seed);
        _options = new SpoolOptions
        {
            MaxBytes = 40_000,
            MaxQuarantineBytes = 20_000,
            Encrypt = seed % 2 == 0,
            KeepStored = seed % 3 == 0 ? TimeSpan.FromHours(48) : TimeSpan.Zero,
        };
        (_install, _spool) = Open();
    }

    /// <summary>What happened last, for the message of a test that fails.</summary>
    public Queue<string> Trace { get; } = [];

    public void Step()
    {
        try
        {
            Act();
        }
        catch (PowerCutException)
        {
            CutPower();
        }

        Check();
    }

    private void Act()
    {
        var act = _random.Next(24);
        Trace.Enqueue($"{act}{(_writer is null ? "" : "w")}{(_disk.IsFull ? "f" : "")}{(_disk.IsReadOnly ? "r" : "")}{_disk.PowerGoesAfter}");
        if (Trace.Count > 40)
        {
            Trace.Dequeue();
        }

        switch (act)
        {
            case < 5 when _writer is null:
                Begin();
                break;
            case < 9:
                Append();
                break;
            case < 12:
                Complete();
                break;
            case < 14:
                Deliver();
                break;
            case 14:
                Pick(entry => _spool.Reject(entry, "BAD_ID"));
                break;
            case 15:
                Pick(Correct);
                break;
            case 16:
                _time.Advance(TimeSpan.FromHours(_random.Next(70)));
                _time.StepWallClock(TimeSpan.FromDays(_random.Next(-400, 400)));
                _spool.Maintain();
                break;
            case 17 when _spool.Kept.Count > 0:
                _spool.Restore(_spool.Kept[_random.Next(_spool.Kept.Count)]);
                break;
            case 18 or 19:
                Report();
                break;
            case 20:
                _disk.IsFull = _random.Next(2) == 0;
                _disk.IsReadOnly = _random.Next(6) == 0;
                break;
            case 21:
                _disk.PowerGoesAfter = _random.Next(25);
                break;
            case 22:
                CutPower();
                break;
            case 23 when _random.Next(2) == 0:
                Restart();
                break;
        }
    }

    private void Begin()
    {
        var start = new UtteranceStart
        {
            UtteranceId = _install.UtteranceIds.Next(_install.Clock.UtcNow).ToString("D", CultureInfo.InvariantCulture),
            SequenceNumber = _install.NextSequenceNumber,
            StartedAtUnixMs = _install.Clock.UtcNow.ToUnixTimeMilliseconds(),
            Source = "goforward.wav",
        };
        _current = _said[start.UtteranceId] = new Said(start.SequenceNumber, _time.GetTimestamp());
        _current.Ids.Add(start.UtteranceId);
        _writer = _spool.TryCreate(start);
        if (_writer is null)
        {
            _spool.Losses.ShouldContain(loss => loss.UtteranceId == start.UtteranceId && loss.Reason == UtteranceLost.Types.Reason.Disk);
            return;
        }

        try
        {
            _install.UseSequenceNumber(start.SequenceNumber);
        }
        catch (IOException)
        {
            // As the recorder: the utterance's own file says that its number is used.
        }

        _spool.Announce(_writer.Entry);
    }

    private void Append()
    {
        if (_writer is null || _current is null)
        {
            return;
        }

        _time.Advance(TimeSpan.FromMilliseconds(_random.Next(700)));
        var pcm = new byte[2 * _random.Next(1, 1500)];
        _random.NextBytes(pcm);
        var before = _writer.Entry.LengthBytes;
        _current.Pcm.AddRange(pcm);
        var isFlushed = _time.GetElapsedTime(_current.FlushedAt) >= _options.FlushInterval;
        _writer.Append(pcm);
        if (_writer.Entry.LengthBytes == before)
        {
            _current.HasFailed = true;
        }
        else if (isFlushed && !_disk.IsReadOnly && !_current.HasFailed)
        {
            (_current.FlushedBytes, _current.FlushedAt) = (_current.Pcm.Count, _time.GetTimestamp());
        }
    }

    private void Complete()
    {
        if (_writer is null || _current is null)
        {
            return;
        }

        var canFail = _disk.IsFull || _disk.IsReadOnly || _current.HasFailed;
        _writer.Complete(UtteranceEnd.Types.Reason.Silence);
        if (!canFail)
        {
            (_current.FlushedBytes, _current.IsComplete) = (_current.Pcm.Count, true);
        }

        _writer.Dispose();
        (_writer, _current) = (null, null);
    }

    private void Deliver() => Pick(entry =>
    {
        if (entry.TryTake() && _spool.Verify(entry))
        {
            CompareAudio(entry);
            AddRow(entry.SequenceNumber, entry.Id);
            _spool.Delete(entry);
        }
    });

    private void Correct(SpoolEntry entry)
    {
        var id = _install.UtteranceIds.Next(_install.Clock.UtcNow).ToString("D", CultureInfo.InvariantCulture);
        _said[id] = _said[entry.Id];
        _said[id].Ids.Add(id);
        var corrected = _spool.Correct(entry, id, entry.Start.StartedAtUnixMs + 1000, Clock.Corrected);
        (corrected.Id == id || corrected == entry).ShouldBeTrue();
        if (_spool.Snapshot().Contains(corrected))
        {
            CompareAudio(corrected);
        }
    }

    private void Report()
    {
        // What a disk that takes nothing cannot record may be given a number again after a restart: docs/spool.md.
        _spool.Maintain();
        if (!_disk.IsFull && !_disk.IsReadOnly && _spool.Losses is [var loss, ..])
        {
            AddRow(loss.SequenceNumber, loss.UtteranceId);
            _spool.ForgetLoss(loss.UtteranceId);
        }
    }

    private void Pick(Action<SpoolEntry> act)
    {
        var complete = _spool.Snapshot().Where(entry => entry.Trailer is not null && entry.LengthBytes > 0).ToList();
        if (complete.Count > 0)
        {
            act(complete[_random.Next(complete.Count)]);
        }
    }

    private void CutPower()
    {
        Trace.Enqueue("cut");
        _disk.CutPower(_random);
        Restart();
    }

    private void Restart()
    {
        (_writer, _current) = (null, null);
        _disk.IsFull &= _random.Next(3) == 0;
        try
        {
            (_install, _spool) = Open();
        }
        catch (PowerCutException)
        {
            CutPower();
            return;
        }

        foreach (var entry in _spool.Snapshot())
        {
            CompareAudio(entry);
        }
    }

    private (Install Install, UtteranceSpool Spool) Open()
    {
        var install = Install.Open(Folder, _time, _disk);
        var spool = UtteranceSpool.Open(Folder, _options, _time, NullLogger.Instance, out var recovery, install, _disk, machineSerial: "");
        foreach (var entry in recovery.Entries)
        {
            install.UtteranceIds.StartAfter(Guid.Parse(entry.Id));
        }

        return (install, spool);
    }

    private void Check()
    {
        var losses = _spool.Losses;
        var entries = _spool.Snapshot();
        var ids = losses.Select(loss => loss.UtteranceId).Concat(entries.Select(entry => entry.Id)).Concat(_rows.Values.SelectMany(row => row)).ToHashSet();
        foreach (var said in _said.Values.Where(said => said.FlushedBytes > 0))
        {
            if (!said.Ids.Exists(ids.Contains))
            {
                throw new InvalidOperationException($"Number {said.Number}, {said.FlushedBytes} bytes on disk, complete: {said.IsComplete}, is gone.");
            }
        }

        foreach (var loss in losses.Where(loss => loss.Reason == UtteranceLost.Types.Reason.Damaged))
        {
            _said[loss.UtteranceId].FlushedBytes.ShouldBe(0, $"Number {loss.SequenceNumber} was damaged by a power cut.");
        }

        for (ulong number = 1; number < _install.NextSequenceNumber; number++)
        {
            var users = losses.Where(loss => loss.SequenceNumber == number).Select(loss => loss.UtteranceId)
                .Concat(entries.Where(entry => entry.SequenceNumber == number).Select(entry => entry.Id))
                .Concat(_rows.GetValueOrDefault(number) ?? []).Select(id => _said[id]).Distinct().ToList();
            if (users.Count != 1)
            {
                throw new InvalidOperationException($"Number {number} of {_install.NextSequenceNumber - 1} has {users.Count} utterances.");
            }
        }

        _spool.SettledBelow(_install.NextSequenceNumber).ShouldBe(
            entries.Select(entry => entry.SequenceNumber).Concat(losses.Select(loss => loss.SequenceNumber)).Append(_install.NextSequenceNumber).Min());
    }

    private void CompareAudio(SpoolEntry entry)
    {
        var said = _said[entry.Id];
        var pcm = new byte[entry.LengthBytes];
        entry.Read(0, pcm).ShouldBe(pcm.Length);
        entry.CloseReader();
        said.Pcm.Count.ShouldBeGreaterThanOrEqualTo(pcm.Length);
        pcm.AsSpan().SequenceEqual(said.Pcm.ToArray().AsSpan(0, pcm.Length)).ShouldBeTrue($"The audio of number {said.Number} has changed.");
        ((long)pcm.Length).ShouldBeGreaterThanOrEqualTo(said.FlushedBytes, $"Number {said.Number} is shorter than what was flushed.");
        if (entry.Trailer is { Reason: not UtteranceEnd.Types.Reason.Truncated })
        {
            pcm.Length.ShouldBe(said.Pcm.Count);
        }
    }

    private void AddRow(ulong number, string id)
    {
        if (!_rows.TryGetValue(number, out var row))
        {
            _rows[number] = row = [];
        }

        row.Add(id);
    }

    private sealed class Said(ulong number, long begunAt)
    {
        public ulong Number => number;

        public List<string> Ids { get; } = [];

        public List<byte> Pcm { get; } = [];

        /// <summary>What no power cut may take.</summary>
        public int FlushedBytes { get; set; }

        public long FlushedAt { get; set; } = begunAt;

        public bool IsComplete { get; set; }

        public bool HasFailed { get; set; }
    }
}
