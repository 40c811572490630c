using System.Runtime.InteropServices;
using Fleet.DeviceAgent.Spool.Disk;

namespace Fleet.UnitTests.Agent.Spool.Disk;

/// <summary>
/// A disk in memory that can lose power. What was not flushed may survive or not: names (each create, rename and deletion in a folder that was
/// not flushed since) and content (each write, whole, in part, or not at all; the length, too). A rename is whole or not at all, as on every
/// journalling file system. It can also be full.
/// </summary>
internal sealed class FakeDisk : ISpoolDisk
{
    private readonly List<NameChange> _unflushedNames = [];
    private readonly SortedDictionary<string, FakeInode> _durableNames = new(StringComparer.Ordinal);
    private SortedDictionary<string, FakeInode> _names = new(StringComparer.Ordinal);
    private int _epoch;

    public Guid BootId { get; private set; } = Guid.NewGuid();

    /// <summary>Nothing more can be written: no byte, and with it no new content.</summary>
    public bool IsFull { get; set; }

    /// <summary>Nothing can be changed.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Each operation that changes or flushes something counts it down; at zero the power goes.</summary>
    public int? PowerGoesAfter { get; set; }

    /// <summary>Flushes of files and folders.</summary>
    public int Flushes { get; private set; }

    public bool CreateFolder(string path) => false;

    public IReadOnlyList<string> Files(string folder) => [.. _names.Keys.Where(path => Path.GetDirectoryName(path) == folder)];

    public bool Exists(string path) => _names.ContainsKey(path);

    public ISpoolFile Create(string path)
    {
        Change();
        if (_names.ContainsKey(path))
        {
            throw new IOException($"'{path}' is there.");
        }

        var inode = new FakeInode();
        Apply(new NameChange(null, path, inode));
        return new FakeFile(this, inode, _epoch);
    }

    public ISpoolFile Open(string path, bool forWriting) =>
        _names.TryGetValue(path, out var inode) ? new FakeFile(this, inode, _epoch) : throw new FileNotFoundException($"'{path}' is not there.");

    public void Move(string from, string to)
    {
        Change();
        Apply(_names.TryGetValue(from, out var inode) ? new NameChange(from, to, inode) : throw new FileNotFoundException($"'{from}' is not there."));
    }

    public void Delete(string path)
    {
        if (_names.ContainsKey(path))
        {
            Change();
            Apply(new NameChange(path, null, null));
        }
    }

    public void FlushFolder(string folder)
    {
        Change();
        Flushes++;
        foreach (var change in _unflushedNames.Where(change => change.IsIn(folder)).ToList())
        {
            change.ApplyTo(_durableNames);
            _unflushedNames.Remove(change);
        }
    }

    /// <summary>The content as it is now.</summary>
    public byte[] Read(string path) => _names[path].Content.ToArray();

    /// <summary>Damage from outside of the product: at once durable.</summary>
    public void Overwrite(string path, byte[] content)
    {
        if (!_names.TryGetValue(path, out var inode))
        {
            inode = new FakeInode();
            (_names[path], _durableNames[path]) = (inode, inode);
        }

        inode.Replace(content);
    }

    /// <summary>The power goes and comes back: whatever was open can be used no more.</summary>
    public void CutPower(Random random)
    {
        foreach (var change in _unflushedNames.Where(_ => random.Next(2) == 0))
        {
            change.ApplyTo(_durableNames);
        }

        _unflushedNames.Clear();
        foreach (var inode in _durableNames.Values.Distinct())
        {
            inode.CutPower(random);
        }

        _names = new SortedDictionary<string, FakeInode>(_durableNames, StringComparer.Ordinal);
        _epoch++;
        BootId = Guid.NewGuid();
        PowerGoesAfter = null;
    }

    private void Apply(NameChange change)
    {
        change.ApplyTo(_names);
        _unflushedNames.Add(change);
    }

    private void Change()
    {
        if (PowerGoesAfter is { } left)
        {
            if (left <= 0)
            {
                throw new PowerCutException();
            }

            PowerGoesAfter = left - 1;
        }

        if (IsReadOnly)
        {
            throw new IOException("Read-only file system");
        }
    }

    private void ChangeContent(int epoch)
    {
        ObjectDisposedException.ThrowIf(epoch != _epoch, this);
        Change();
    }

    private sealed record NameChange(string? From, string? To, FakeInode? Inode)
    {
        public bool IsIn(string folder) => (From is not null && Path.GetDirectoryName(From) == folder) || (To is not null && Path.GetDirectoryName(To) == folder);

        public void ApplyTo(SortedDictionary<string, FakeInode> names)
        {
            // Renames and deletions of what is not there any more, or not there yet, change nothing.
            if (From is not null && !names.Remove(From, out _))
            {
                return;
            }

            if (To is not null && Inode is not null)
            {
                names[To] = Inode;
            }
        }
    }

    private sealed class FakeFile(FakeDisk disk, FakeInode inode, int epoch) : ISpoolFile
    {
        public long Length => inode.Content.Count;

        public int Read(Span<byte> buffer, long offset)
        {
            var count = (int)Math.Clamp(inode.Content.Count - offset, 0, buffer.Length);
            CollectionsMarshal.AsSpan(inode.Content).Slice((int)Math.Min(offset, inode.Content.Count), count).CopyTo(buffer);
            return count;
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            disk.ChangeContent(epoch);
            if (disk.IsFull && offset + bytes.Length > inode.Content.Count)
            {
                throw new IOException("No space left on device");
            }

            inode.Write(bytes, offset);
        }

        public void SetLength(long length)
        {
            disk.ChangeContent(epoch);
            inode.SetLength(length);
        }

        public void Flush()
        {
            disk.ChangeContent(epoch);
            disk.Flushes++;
            inode.Flush();
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
