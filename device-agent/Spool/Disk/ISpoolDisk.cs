namespace Fleet.DeviceAgent.Spool.Disk;

/// <summary>
/// What the spool and the identity need of a file system, and no more: so that tests can run them on a disk that loses power. Every
/// operation may throw <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>. What is written is durable after
/// <see cref="ISpoolFile.Flush"/>, a name (new, renamed, deleted) after <see cref="FlushFolder"/> of its folder; a rename is never half done.
/// </summary>
internal interface ISpoolDisk
{
    /// <summary>
    /// This boot of the machine: as long as it stays the same, everything that was written can be read, flushed or not. Empty: not known.
    /// </summary>
    Guid BootId { get; }

    /// <summary>True when there was none.</summary>
    bool CreateFolder(string path);

    /// <summary>Full paths of the files in a folder, in ordinal order; none when there is no such folder.</summary>
    IReadOnlyList<string> Files(string folder);

    bool Exists(string path);

    /// <summary>Makes a new file, which is for the agent's user only; fails when there is one of the name.</summary>
    ISpoolFile Create(string path);

    ISpoolFile Open(string path, bool forWriting);

    /// <summary>Replaces a file of the new name.</summary>
    void Move(string from, string to);

    /// <summary>Nothing happens when there is no such file.</summary>
    void Delete(string path);

    void FlushFolder(string folder);
}
