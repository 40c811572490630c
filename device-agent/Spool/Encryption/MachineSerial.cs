using System.Text;

namespace Fleet.DeviceAgent.Spool.Encryption;

/// <summary>The number that the maker burnt into a Raspberry Pi's processor: on the board, not on the SD card.</summary>
internal static class MachineSerial
{
    private const string DeviceTreeFile = "/proc/device-tree/serial-number";

    /// <summary>Empty when the machine has none, or none that the agent may read.</summary>
    public static string Read()
    {
        try
        {
            return File.Exists(DeviceTreeFile) ? File.ReadAllText(DeviceTreeFile, Encoding.ASCII).Trim('\0', ' ', '\n') : "";
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
