using System.Globalization;
using Fleet.Audio;
using Fleet.DeviceAgent.Capture.Live;

namespace Fleet.DeviceAgent.Diagnosis;

/// <summary>Whether the microphone gives sound, and of what kind. Listens for two seconds and keeps nothing of it.</summary>
internal sealed class MicrophoneCheck(CaptureOptions capture, bool agentRuns, TimeProvider time)
{
    public const string Name = "microphone";

    // A person across a room; below this the detector misses words.
    private const double FaintPeakDbfs = -50;

    private static readonly TimeSpan _listen = TimeSpan.FromSeconds(2);

    public async Task<CheckResult> RunAsync(CancellationToken cancellationToken)
    {
        var input = capture.Input.Text;
        if (capture.Input.AlsaDevice is null)
        {
            return CheckResult.Ok(Name, "sound comes by standard input, which is not read here");
        }

        var (levels, problem) = await InputProbe.MeasureAsync(capture, _listen, time, cancellationToken);
        if (problem is not null)
        {
            // One program at a time may record from most devices.
            return agentRuns
                ? CheckResult.Warning(Name, $"{input} cannot be tried while the agent records from it ({problem.TrimEnd('.')})", "read the agent's log, or stop it for this check")
                : CheckResult.No(Name, $"{input} gives no sound ({problem.TrimEnd('.')})", "mend --input; devices are listed by: arecord -L");
        }

        var text = string.Create(
            CultureInfo.InvariantCulture, $"{input}, peak {levels.PeakDbfs:0} dBFS, mean {levels.RmsDbfs:0} dBFS");
        return levels.Faults switch
        {
            var faults when faults.HasFlag(InputFaults.Silent) => CheckResult.No(
                Name, $"{input} is silent: not even noise comes", "unmute it and raise its capture volume (alsamixer, F4), or choose another --input"),
            var faults when faults.HasFlag(InputFaults.Flat) => CheckResult.No(
                Name, $"{input} gives one value and nothing else: its converter is stuck", "plug it in again, or try another port or sound card"),
            var faults when faults.HasFlag(InputFaults.Clipping) => CheckResult.Warning(
                Name, string.Create(CultureInfo.InvariantCulture, $"{text}, {levels.FullScaleShare:P1} of it clipped"), "lower its capture volume (alsamixer, F4)"),
            var faults when faults.HasFlag(InputFaults.DcOffset) => CheckResult.Warning(
                Name, string.Create(CultureInfo.InvariantCulture, $"{text}, off zero by {levels.DcOffsetPercent:0} %"), "try another cable or sound card"),
            _ when levels.PeakDbfs < FaintPeakDbfs => CheckResult.Warning(
                Name, $"{text}: faint", "speak while this runs; if it stays so, raise its capture volume (alsamixer, F4)"),
            _ => CheckResult.Ok(Name, text),
        };
    }
}
