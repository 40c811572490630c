using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Spool.Disk;
using Fleet.DeviceAgent.Spool.Encryption;

namespace Fleet.DeviceAgent.Diagnosis;

/// <summary>Whether the key of the spool is there, is for the agent's user only, and opens what waits. Makes and changes nothing.</summary>
internal sealed class SpoolKeyCheck(string stateFolder, SpoolOptions spool, string machineSerial)
{
    public const string Name = "spool key";

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Null: there is nothing to say, as the agent will make its key itself.</summary>
    public CheckResult? Run() => spool.KeyFile is { } file ? OfFile(file) : OfInstall();

    private CheckResult OfFile(string file)
    {
        if (!File.Exists(file))
        {
            return CheckResult.No(Name, $"'{file}' does not exist", $"mount its medium, or make one: head -c 32 /dev/urandom > '{file}'");
        }

        SpoolKey key;
        try
        {
            key = SpoolKey.OfFile(LocalDisk.Instance, file);
        }
        catch (InvalidDataException ex) when (ex.InnerException is UnauthorizedAccessException)
        {
            return CheckResult.No(Name, $"'{file}' cannot be read ({ex.InnerException.Message.TrimEnd('.')})", "give it to the agent's user, or run the check as that user");
        }
        catch (InvalidDataException ex)
        {
            return CheckResult.No(Name, ex.InnerException?.Message ?? ex.Message, $"give another file of {SpoolKey.MinKeyFileLength} to {SpoolKey.MaxKeyFileLength} bytes");
        }

        if (Unopened(key, out var total) is var others and > 0)
        {
            return CheckResult.No(
                Name, $"'{file}' does not open {others} of {total} utterances in the spool: they were written with another key",
                $"give the key they were written with; to lose them instead, move '{UtteranceSpool.FolderIn(stateFolder)}' away");
        }

        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0
            ? CheckResult.Warning(Name, $"others on this machine may read '{file}'", $"chmod 600 {file}")
            : CheckResult.Ok(Name, total == 0 ? $"'{file}'" : $"'{file}' opens all {total} utterances in the spool");
    }

    private CheckResult? OfInstall()
    {
        try
        {
            var others = Unopened(SpoolKey.PeekInstall(LocalDisk.Instance, stateFolder, machineSerial), out var total);
            return others == 0
                ? null
                : CheckResult.No(
                    Name, $"{others} of {total} utterances in the spool were written with another key; a start of the agent would count them as lost",
                    "before it starts, give the --spool-key-file they were written with, or bring the card back to its machine");
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return CheckResult.Warning(Name, $"the spool cannot be looked into ({ex.Message.TrimEnd('.')})", "run the check as the agent's user");
        }
    }

    private int Unopened(SpoolKey? key, out int total) =>
        SpoolRecovery.CountOfOtherKeys(LocalDisk.Instance, UtteranceSpool.FolderIn(stateFolder), key, out total);
}
