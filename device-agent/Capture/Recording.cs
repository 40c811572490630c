namespace Fleet.DeviceAgent.Capture;

/// <summary>A file to play and the name that it has in history.</summary>
internal sealed record Recording(string Path, string Name);
