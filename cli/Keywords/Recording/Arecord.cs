using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Fleet.Cli.Keywords.Sounds;

namespace Fleet.Cli.Keywords.Recording;

/// <summary>Records from ALSA through <c>arecord</c>, as the agent does.</summary>
internal static class Arecord
{
    // It starts in a tenth of a second; a microphone that gives nothing is no reason to wait.
    private static readonly TimeSpan _slack = TimeSpan.FromSeconds(5);

    /// <exception cref="IOException">There is no sound to be had; the message says why.</exception>
    public static async Task<short[]> RecordAsync(string device, int seconds, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "-q", "-D", device, "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", Wave16.RateHz.ToString(CultureInfo.InvariantCulture), "-d",
            seconds.ToString(CultureInfo.InvariantCulture),
        ];
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo("arecord", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!; // null only with UseShellExecute
        }
        catch (Win32Exception)
        {
            throw new IOException("arecord is missing: apt-get install -y alsa-utils, or give recordings with --files.");
        }

        using (process)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(seconds) + _slack);
            try
            {
                var errors = process.StandardError.ReadToEndAsync(limit.Token);
                using var sound = new MemoryStream();
                await process.StandardOutput.BaseStream.CopyToAsync(sound, limit.Token);
                await process.WaitForExitAsync(limit.Token);
                return sound.Length > 0
                    ? MemoryMarshal.Cast<byte, short>(sound.ToArray()).ToArray()
                    : throw new IOException($"arecord recorded nothing from '{device}': {(await errors).Trim()} Devices: arecord -L");
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancellationToken.ThrowIfCancellationRequested();
                throw new IOException($"arecord did not end: the device '{device}' gives no sound. Devices: arecord -L");
            }
        }
    }
}
