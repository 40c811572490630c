using System.Runtime.InteropServices;

namespace Fleet.Cli.Local.Processes;

/// <summary>The few system calls that .NET has no API for: signals to process groups, owners of files.</summary>
internal static partial class LibC
{
    private const nint DefaultHandler = 0;

    /// <summary>Sends <paramref name="signal"/> to a process, or to a process group when <paramref name="processId"/> is negative.</summary>
    internal static bool Kill(int processId, UnixSignal signal) => KillCore(processId, (int)signal) == 0;

    /// <summary>
    /// Makes Ctrl-C and SIGQUIT count again where a shell has started us in the background with both ignored, which .NET would respect: whoever
    /// sends us one means it. Call it before anything else.
    /// </summary>
    internal static void HeedInterrupts()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetSignal((int)UnixSignal.Interrupt, DefaultHandler);
            _ = SetSignal((int)UnixSignal.Quit, DefaultHandler);
        }
    }

    internal static int EffectiveUserId() => GetEffectiveUserId();

    /// <summary>The user id that owns a file; null when the kernel does not tell.</summary>
    internal static uint? OwnerOf(string path)
    {
        const int CurrentFolder = -100; // AT_FDCWD
        const uint OwnerWanted = 0x8; // STATX_UID
        const int StructBytes = 256, OwnerOffset = 20; // struct statx is the same on every architecture
        var buffer = new byte[StructBytes];
        return StatX(CurrentFolder, path, 0, OwnerWanted, buffer) == 0 ? BitConverter.ToUInt32(buffer, OwnerOffset) : null;
    }

    internal static void ChangeOwner(string path, UnixUser user)
    {
        if (ChangeOwnerCore(path, user.UserId, user.GroupId) != 0)
        {
            throw new IOException($"Cannot give {path} to user {user.Name}: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int KillCore(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetSignal(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, [Out] byte[] buffer);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial int GetEffectiveUserId();

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwnerCore(string path, int userId, int groupId);
}
