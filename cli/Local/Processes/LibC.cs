using System.Runtime.InteropServices;

namespace Fleet.Cli.Local.Processes;

/// <summary>The few system calls that .NET has no API for: signals to process groups, owners of files.</summary>
internal static partial class LibC
{
    /// <summary>Sends <paramref name="signal"/> to a process, or to a process group when <paramref name="processId"/> is negative.</summary>
    internal static bool Kill(int processId, UnixSignal signal) => KillCore(processId, (int)signal) == 0;

    internal static int EffectiveUserId() => GetEffectiveUserId();

    internal static void ChangeOwner(string path, UnixUser user)
    {
        if (ChangeOwnerCore(path, user.UserId, user.GroupId) != 0)
        {
            throw new IOException($"Cannot give {path} to user {user.Name}: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int KillCore(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial int GetEffectiveUserId();

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwnerCore(string path, int userId, int groupId);
}
