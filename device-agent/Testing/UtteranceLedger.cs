using System.Security.Cryptography;
using System.Text.Json;

namespace Fleet.DeviceAgent.Testing;

/// <summary>
/// For tests (<c>--ledger</c>): what the segmenter handed over, written beside the spool and by nothing that the spool is made of, so that
/// somebody can compare the two. One file a device, a JSON object a line, appended and handed to the kernel at once: a killed agent leaves
/// at most its last line torn.
/// </summary>
internal sealed class UtteranceLedger : IDisposable
{
    public const string Extension = ".ledger";

    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private string? _open;
    private ulong _sequenceNumber;
    private long _startedAtUnixMs;
    private long _bytes;

    private UtteranceLedger(FileStream file, TimeProvider time)
    {
        _file = file;
        _time = time;
    }

    /// <param name="folder">Made when it is missing. Not the state folder: a full disk must not touch the ledger.</param>
    /// <param name="deviceId">Whose ledger.</param>
    /// <param name="time">The machine's own clock, never a stepped one: it tells which fault a line fell into.</param>
    public static UtteranceLedger Open(string folder, string deviceId, TimeProvider time)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, deviceId + Extension);
        var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var ledger = new UtteranceLedger(file, time);
        // The line before may be torn: a new one ends it.
        ledger.Write(writer => writer.WriteNumber("boot", Environment.ProcessId), before: file.Position > 0 ? "\n" : "");
        return ledger;
    }

    /// <summary>Before the spool hears of it: what never reached the spool must be seen here.</summary>
    public void Begin(string utteranceId, ulong sequenceNumber, long startedAtUnixMs)
    {
        (_open, _sequenceNumber, _startedAtUnixMs, _bytes) = (utteranceId, sequenceNumber, startedAtUnixMs, 0);
        _hash.TryGetHashAndReset(stackalloc byte[SHA256.HashSizeInBytes], out _);
        WriteUtterance("begin");
    }

    /// <summary>Before the spool gets it: what is stored is then never more than what is here.</summary>
    public void Append(ReadOnlySpan<byte> pcm)
    {
        if (_open is not null)
        {
            _hash.AppendData(pcm);
            _bytes += pcm.Length;
            WriteUtterance("part");
        }
    }

    /// <summary>After the spool has completed it: from here on all of it must be stored.</summary>
    public void End()
    {
        if (_open is not null)
        {
            WriteUtterance("end");
            _open = null;
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
    }

    private void WriteUtterance(string kind) => Write(writer =>
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetCurrentHash(hash);
        writer.WriteString(kind, _open);
        writer.WriteNumber("seq", _sequenceNumber);
        writer.WriteNumber("started", _startedAtUnixMs);
        writer.WriteNumber("bytes", _bytes);
        writer.WriteString("sha256", Convert.ToHexStringLower(hash));
    });

    private void Write(Action<Utf8JsonWriter> fields, string before = "")
    {
        using var line = new MemoryStream();
        line.Write(System.Text.Encoding.UTF8.GetBytes(before));
        using (var writer = new Utf8JsonWriter(line))
        {
            writer.WriteStartObject();
            fields(writer);
            writer.WriteNumber("at", _time.GetUtcNow().ToUnixTimeMilliseconds());
            writer.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        // One write: the lines of a killed agent are whole or the last one is not there.
        _file.Write(line.GetBuffer().AsSpan(0, (int)line.Length));
    }
}
