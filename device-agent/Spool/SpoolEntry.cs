using Fleet.DeviceAgent.Spool.Container;
using Fleet.DeviceAgent.Spool.Disk;
using Fleet.DeviceAgent.Spool.Encryption;
using Fleet.V1;

namespace Fleet.DeviceAgent.Spool;

/// <summary>
/// One utterance in the spool, from its first sample until the cloud has stored it. The recorder appends, the uplink reads.
/// </summary>
internal sealed class SpoolEntry
{
    private const int Idle = 0;
    private const int Taken = 1;
    private const int Gone = 2;

    private readonly Lock _lock = new();
    private readonly SpoolContainer? _container;
    private long _lengthBytes;
    private SpoolTrailer? _trailer;
    private ISpoolFile? _reader;
    private CtrCipher? _cipher;
    private int _hold;

    public SpoolEntry(
        UtteranceStart start, string path, int headerLength, long lengthBytes = 0, SpoolTrailer? trailer = null, bool isVerified = true)
    {
        Start = start;
        Path = path;
        HeaderLength = headerLength;
        IsVerified = isVerified;
        _lengthBytes = lengthBytes;
        _trailer = trailer;
    }

    public SpoolEntry(SpoolContainer container, string path, long lengthBytes = 0, SpoolTrailer? trailer = null, bool isVerified = true)
        : this(container.Header.Start, path, container.Header.Length, lengthBytes, trailer, isVerified)
    {
        _container = container;
        BornAt = container.Header.BornAt;
    }

    public UtteranceStart Start { get; }

    public string Path { get; }

    public int HeaderLength { get; }

    public string Id => Start.UtteranceId;

    public ulong SequenceNumber => Start.SequenceNumber;

    /// <summary>False for what an earlier run left: its audio is compared with its checksum before it is sent.</summary>
    public bool IsVerified { get; set; }

    /// <summary>The spool's own clock when it was begun; null: not known.</summary>
    public TimeSpan? BornAt { get; set; }

    /// <summary>PCM in the file so far.</summary>
    public long LengthBytes => Volatile.Read(ref _lengthBytes);

    /// <summary>There once the utterance is complete.</summary>
    public SpoolTrailer? Trailer => Volatile.Read(ref _trailer);

    /// <summary>Bytes that the file takes.</summary>
    public long FileBytes => HeaderLength + LengthBytes + (Trailer is null ? 0 : TrailerLength);

    /// <summary>Bytes of its trailer, once it has one.</summary>
    public int TrailerLength => _container?.Header.TrailerLength ?? SpoolFormat.TrailerLength;

    /// <summary>How it is read; null for one that is on no disk.</summary>
    public SpoolContainer? Container => _container;

    /// <summary>The same utterance in another file, held by nobody.</summary>
    public SpoolEntry MovedTo(string path) => _container is null
        ? new SpoolEntry(Start, path, HeaderLength, LengthBytes, Trailer, IsVerified)
        : new SpoolEntry(_container, path, LengthBytes, Trailer, IsVerified);

    /// <summary>The uplink begins to send it; false when the spool has dropped it.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _hold, Taken, Idle) == Idle;

    /// <summary>The uplink waits with it: the spool may drop it again.</summary>
    public void Release()
    {
        Interlocked.CompareExchange(ref _hold, Idle, Taken);
        CloseReader();
    }

    /// <summary>The spool drops it; false while the uplink is sending it.</summary>
    public bool TryDrop() => Interlocked.CompareExchange(ref _hold, Gone, Idle) == Idle;

    /// <summary>The spool could not drop it after all.</summary>
    public void KeepAfterAll() => Interlocked.CompareExchange(ref _hold, Idle, Gone);

    /// <summary>Reads PCM; fewer bytes than asked for only where the audio ends.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public int Read(long offset, Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, LengthBytes - offset);
        lock (_lock)
        {
            _reader ??= (_container?.Disk ?? LocalDisk.Instance).Open(Path, forWriting: false);
            var pcm = buffer[..wanted];
            if (DurableFile.ReadFully(_reader, pcm, HeaderLength + offset) < wanted)
            {
                throw new EndOfStreamException($"'{Path}' ends before its audio does.");
            }

            _cipher ??= _container?.Keys?.Cipher(StreamKind.Audio);
            _cipher?.Transform(pcm, offset);
            return wanted;
        }
    }

    public void CloseReader()
    {
        lock (_lock)
        {
            _reader?.Dispose();
            _reader = null;
            _cipher?.Dispose();
            _cipher = null;
        }
    }

    /// <summary>Called by the writer when the bytes are in the file.</summary>
    public void OnAppended(int bytes) => Interlocked.Add(ref _lengthBytes, bytes);

    /// <summary>Called by the writer when nothing more comes.</summary>
    public void OnCompleted(SpoolTrailer trailer) => Volatile.Write(ref _trailer, trailer);
}
