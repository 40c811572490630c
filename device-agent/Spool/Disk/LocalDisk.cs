using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Fleet.DeviceAgent.Spool.Disk;

/// <summary>The machine's own file system.</summary>
internal sealed class LocalDisk : ISpoolDisk
{
    // O_RDONLY | O_CLOEXEC: the agent starts other programs.
    private const int ReadOnly = 0x80000;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    // EINVAL, EROFS, ENOTSUP.
    private static readonly int[] _cannotFlush = [22, 30, 95];

    private LocalDisk()
    {
        BootId = ReadBootId();
    }

    public static LocalDisk Instance { get; } = new();

    public Guid BootId { get; }

    public bool CreateFolder(string path)
    {
        if (Directory.Exists(path))
        {
            return false;
        }

        Directory.CreateDirectory(path);
        return true;
    }

    public IReadOnlyList<string> Files(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)] : [];

    public bool Exists(string path) => File.Exists(path);

    public ISpoolFile Create(string path)
    {
        var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(handle, OwnerOnly);
            }
        }
        catch
        {
            handle.Dispose();
            throw;
        }

        return new LocalFile(handle);
    }

    public ISpoolFile Open(string path, bool forWriting) => UnixFile.IsSpecial(path)
        ? throw new IOException("it is a pipe, a socket or a device, and no file")
        : new LocalFile(File.OpenHandle(
            path, FileMode.Open, forWriting ? FileAccess.ReadWrite : FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    public void Move(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // As with a file that is not there: it is gone.
        }
    }

    public void FlushFolder(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // .NET cannot open a directory.
        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
        {
            throw Failure("opened", folder);
        }

        // As .NET does with files: there is nothing to flush where a file system cannot, or cannot be written.
        var failure = FSync(descriptor) == 0 || _cannotFlush.Contains(Marshal.GetLastPInvokeError()) ? null : Failure("flushed", folder);
        _ = Close(descriptor);
        if (failure is not null)
        {
            throw failure;
        }
    }

    private static IOException Failure(string what, string folder)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException(string.Create(
            CultureInfo.InvariantCulture, $"The folder '{folder}' cannot be {what}: {Marshal.GetPInvokeErrorMessage(error)} ({error})."));
    }

    private static Guid ReadBootId()
    {
        try
        {
            return File.Exists(BootIdFile) && Guid.TryParse(File.ReadAllText(BootIdFile).Trim(), out var id) ? id : Guid.Empty;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return Guid.Empty;
        }
    }

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FSync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);

    private sealed class LocalFile(SafeFileHandle handle) : ISpoolFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Read(Span<byte> buffer, long offset) => RandomAccess.Read(handle, buffer, offset);

        public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

        public void SetLength(long length) => RandomAccess.SetLength(handle, length);

        public void Flush() => RandomAccess.FlushToDisk(handle);

        public void Dispose() => handle.Dispose();
    }
}
