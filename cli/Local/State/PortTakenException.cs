using System.Globalization;

namespace Fleet.Cli.Local.State;

/// <summary>A port that was asked for by name cannot be had.</summary>
internal sealed class PortTakenException(int port)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"Port {port} of 127.0.0.1 is taken: free it, or leave the option away and a free one is chosen."));
