using Fleet.Audio;

namespace Fleet.DeviceAgent.Capture.Live;

/// <summary>What a microphone gave when it was tried.</summary>
/// <param name="Levels">Of the sound that came; nothing in it when none came.</param>
/// <param name="Problem">Why there was no sound, with the remedy; null when there was.</param>
internal sealed record InputProbeResult(InputLevels Levels, string? Problem);
