using System.Globalization;
using System.Runtime.InteropServices;

namespace Fleet.DeviceAgent.Spool.Disk;

/// <summary>Who owns a file and what it is, which .NET cannot tell. Linux only; elsewhere nothing is known.</summary>
internal static partial class UnixFile
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint OwnerWanted = 0x8; // STATX_UID
    private const uint TypeWanted = 0x1; // STATX_TYPE
    private const int StructBytes = 256;
    private const int OwnerOffset = 20; // struct statx is the same on every architecture
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000; // S_IFMT
    private const int Regular = 0x8000; // S_IFREG
    private const int Folder = 0x4000; // S_IFDIR

    /// <summary>The user id that owns it; null when it cannot be told.</summary>
    public static uint? OwnerOf(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var buffer = new byte[StructBytes];
        return StatX(CurrentFolder, path, 0, OwnerWanted, buffer) == 0 ? BitConverter.ToUInt32(buffer, OwnerOffset) : null;
    }

    /// <summary>It is a pipe, a socket or a device, of which one may wait for ever; false where that cannot be told.</summary>
    public static bool IsSpecial(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        var buffer = new byte[StructBytes];
        return StatX(CurrentFolder, path, 0, TypeWanted, buffer) == 0 && (BitConverter.ToUInt16(buffer, ModeOffset) & TypeMask) is not (Regular or Folder);
    }

    public static uint? CurrentUser() => OperatingSystem.IsLinux() ? GetEffectiveUserId() : null;

    /// <summary>The name that the system has for the id, else the number.</summary>
    public static string NameOf(uint userId)
    {
        var number = userId.ToString(CultureInfo.InvariantCulture);
        try
        {
            return File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > 2 && fields[2] == number)?[0]
                ?? number;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return number;
        }
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(
        int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] buffer);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint GetEffectiveUserId();
}
