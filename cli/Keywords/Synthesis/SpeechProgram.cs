using System.ComponentModel;
using System.Diagnostics;

namespace Fleet.Cli.Keywords.Synthesis;

/// <summary>Runs a program of the system with a bound on its time.</summary>
internal static class SpeechProgram
{
    // A batch of fifty sentences takes ten seconds on a slow machine.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    /// <returns>What it wrote; null when it is not installed, failed, or hung.</returns>
    public static async Task<string?> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        Process process;
        try
        {
            process = Process.Start(start)!; // null only with UseShellExecute
        }
        catch (Win32Exception)
        {
            return null;
        }

        using (process)
        {
            process.StandardInput.Close();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(_patience);
            try
            {
                var errors = process.StandardError.ReadToEndAsync(limit.Token);
                var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
                await errors;
                await process.WaitForExitAsync(limit.Token);
                return process.ExitCode == 0 ? output : null;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancellationToken.ThrowIfCancellationRequested();
                return null;
            }
        }
    }
}
