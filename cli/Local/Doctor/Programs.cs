using Fleet.Cli.Local.Install;
using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Local.Doctor;

/// <summary>Asks other programs a question.</summary>
internal static class Programs
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    /// <summary>False: it is not there, has failed, or has not answered in time.</summary>
    public static async Task<(bool Succeeded, IReadOnlyList<string> Lines)> RunAsync(
        string program, IReadOnlyList<string> arguments, string? folder, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        if (SystemPackages.FindOnPath(program) is not { } path)
        {
            return (false, []);
        }

        await using var process = ChildProcess.Start(new ChildProcessOptions { FileName = path, Arguments = arguments, WorkingDirectory = folder });
        try
        {
            return (await process.Exited.WaitAsync(patience ?? _patience, cancellationToken) == 0, process.LastLines);
        }
        catch (TimeoutException)
        {
            process.Signal(UnixSignal.Kill);
            return (false, [.. process.LastLines, "no answer in time"]);
        }
    }
}
