using System.Runtime.InteropServices;

namespace Fleet.UnitTests.Agent.Spool.Disk;

/// <summary>The content of a file on a <see cref="FakeDisk"/>, and what of it would survive a power cut.</summary>
internal sealed class FakeInode
{
    private readonly List<(long Offset, byte[]? Bytes, long Length)> _unflushed = [];
    private List<byte> _durable = [];

    public List<byte> Content { get; private set; } = [];

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        var copy = bytes.ToArray();
        Put(Content, offset, copy);
        _unflushed.Add((offset, copy, 0));
    }

    public void SetLength(long length)
    {
        Resize(Content, length);
        _unflushed.Add((0, null, length));
    }

    public void Flush()
    {
        _durable = [.. Content];
        _unflushed.Clear();
    }

    public void Replace(byte[] content)
    {
        Content = [.. content];
        Flush();
    }

    /// <summary>Of what was not flushed any part may be there, in any order; where nothing was written but the length has grown are zeros.</summary>
    public void CutPower(Random random)
    {
        foreach (var (offset, bytes, length) in _unflushed)
        {
            switch (random.Next(3))
            {
                case 0 when bytes is null:
                    Resize(_durable, length);
                    break;
                case 0:
                    Put(_durable, offset, bytes!);
                    break;
                case 1 when bytes is not null:
                    var from = random.Next(bytes.Length + 1);
                    Put(_durable, offset + from, bytes[from..(from + random.Next(bytes.Length - from + 1))]);
                    break;
            }
        }

        Content = [.. _durable];
        _unflushed.Clear();
    }

    private static void Put(List<byte> content, long offset, byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return;
        }

        if (content.Count < offset + bytes.Length)
        {
            Resize(content, offset + bytes.Length);
        }

        bytes.CopyTo(CollectionsMarshal.AsSpan(content)[(int)offset..]);
    }

    private static void Resize(List<byte> content, long length)
    {
        var before = content.Count;
        CollectionsMarshal.SetCount(content, (int)length);
        if (length > before)
        {
            CollectionsMarshal.AsSpan(content)[before..].Clear();
        }
    }
}
