using System.Diagnostics;
using System.Globalization;

namespace Fleet.Chaos.Parts;

/// <summary>
/// A shell that reads from a pipe of ours which processes and mounts there are. When the pipe ends, however we ended, it kills and unmounts
/// what is left: kill -9 of the harness leaves nothing behind.
/// </summary>
internal sealed class Guardian : IDisposable
{
    // Groups are killed by the id of their leader; a group that has ended is taken out before its id can be given to another.
    private const string Script =
        """
        trap '' INT TERM HUP QUIT
        declare -A groups mounts
        while read -r word what; do
          case $word in
            run) groups[$what]=1 ;;
            ended) unset "groups[$what]" ;;
            mount) mounts[$what]=1 ;;
            unmounted) unset "mounts[$what]" ;;
          esac
        done
        for id in "${!groups[@]}"; do kill -KILL -- "-$id" 2>/dev/null; done
        for folder in "${!mounts[@]}"; do umount -l "$folder" && rmdir "$folder"; done 2>/dev/null
        """;

    private readonly Lock _lock = new();
    private readonly Process _shell;

    public Guardian()
    {
        var start = new ProcessStartInfo("setsid", ["bash", "-c", Script]) { RedirectStandardInput = true };
        _shell = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
    }

    public void Run(int processId) => Tell("run", processId.ToString(CultureInfo.InvariantCulture));

    public void Ended(int processId) => Tell("ended", processId.ToString(CultureInfo.InvariantCulture));

    public void Mounted(string folder) => Tell("mount", folder);

    public void Unmounted(string folder) => Tell("unmounted", folder);

    public void Dispose()
    {
        lock (_lock)
        {
            _shell.StandardInput.Dispose();
        }

        _shell.WaitForExit(TimeSpan.FromSeconds(5));
        _shell.Dispose();
    }

    private void Tell(string word, string what)
    {
        lock (_lock)
        {
            _shell.StandardInput.WriteLine($"{word} {what}");
            _shell.StandardInput.Flush();
        }
    }
}
