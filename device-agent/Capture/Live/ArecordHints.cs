namespace Fleet.DeviceAgent.Capture.Live;

/// <summary>What to do about what arecord says.</summary>
internal static class ArecordHints
{
    private static readonly (string Said, string Remedy)[] _known =
    [
        ("busy", "another program holds the microphone (find it with: fuser -v /dev/snd/*), or use alsa:dsnoop or alsa:default, which share it"),
        ("permission denied", "the agent's user may not use sound: add it to the group audio (usermod -aG audio USER)"),
        ("non available", "the device does not offer this: use plughw: instead of hw:, or change --input-rate or --input-channels"),
        ("no such file", "there is no such device: list devices with arecord -L, and give one of them as alsa:DEVICE"),
        ("no such device", "the device is gone: is it plugged in? List devices with: arecord -L"),
        ("unknown pcm", "there is no such device: list devices with arecord -L, and give one of them as alsa:DEVICE"),
        ("input/output error", "the device does not answer: plug it in again, or try another port"),
    ];

    /// <summary>The remedy as a part of a sentence, or nothing.</summary>
    public static string For(string said)
    {
        var remedy = _known.FirstOrDefault(known => said.Contains(known.Said, StringComparison.OrdinalIgnoreCase)).Remedy;
        return remedy is null ? "" : $" ({remedy})";
    }
}
