namespace Fleet.DeviceAgent.Capture;

/// <summary>A source of sound cannot be read; the message is one line for people that names it and the remedy.</summary>
internal sealed class AudioSourceException(string message, Exception? innerException = null) : Exception(message, innerException);
