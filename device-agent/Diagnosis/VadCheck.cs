using System.Globalization;
using Fleet.Audio;

namespace Fleet.DeviceAgent.Diagnosis;

/// <summary>Whether the voice detector loads and tells a voice from silence: a model that is damaged or runs wrongly hears nobody, silently.</summary>
internal sealed class VadCheck(TimeProvider time, string? modelPath = null)
{
    public const string Name = "detector";

    // Far from both: what the endpointer takes for speech is above, for silence below.
    private const float Middle = 0.5f;

    private static readonly TimeSpan _listen = TimeSpan.FromSeconds(1);

    public CheckResult Run()
    {
        const string Mend = "restore the file, or build Fleet again";
        try
        {
            using var vad = SileroVad.Load(modelPath);
            var voice = SyntheticVoice.Make(_listen);
            var startedAt = time.GetTimestamp();
            var heard = Highest(vad, voice);
            var perSecond = time.GetElapsedTime(startedAt);
            var silence = Highest(vad, new short[voice.Length]);
            var text = string.Create(CultureInfo.InvariantCulture, $"hears a voice with {heard:0.00}, silence with {silence:0.00}");
            if (heard <= Middle || silence >= Middle)
            {
                return CheckResult.No(Name, text + ", which cannot be right", Mend);
            }

            return perSecond > _listen
                ? CheckResult.Warning(Name, $"{text}, but takes {perSecond.TotalSeconds:0.0} s for a second of sound", "this machine is too slow or too busy")
                : CheckResult.Ok(Name, string.Create(CultureInfo.InvariantCulture, $"{text}; a second of sound takes {perSecond.TotalMilliseconds:0} ms"));
        }
        catch (VadUnavailableException ex)
        {
            return CheckResult.Warning(Name, $"{ex.Message.TrimEnd('.')}; until then the agent tells speech from noise by loudness", Mend);
        }
        catch (Exception ex) when (ex is not OperationCanceledException)
        {
            // Whatever a native library throws: missing, for another processor, a file that is no model.
            return CheckResult.No(Name, $"does not load ({ex.Message.TrimEnd('.')})", Mend);
        }
    }

    private static float Highest(SileroVad vad, ReadOnlySpan<short> sound)
    {
        using var stream = vad.CreateStream();
        var highest = 0f;
        for (; sound.Length >= SileroVad.FrameSamples; sound = sound[SileroVad.FrameSamples..])
        {
            highest = Math.Max(highest, stream.Push(sound[..SileroVad.FrameSamples]));
        }

        return highest;
    }
}
