namespace Fleet.DeviceAgent.Spool.Disk;

/// <summary>An open file of an <see cref="ISpoolDisk"/>.</summary>
internal interface ISpoolFile : IDisposable
{
    long Length { get; }

    /// <summary>Reads what there is from the offset on, at most as much as fits; 0 at the end.</summary>
    int Read(Span<byte> buffer, long offset);

    void Write(ReadOnlySpan<byte> bytes, long offset);

    void SetLength(long length);

    /// <summary>What was written is on the disk when this returns.</summary>
    void Flush();
}
