using Fleet.Audio;
using Fleet.DeviceAgent.Capture;
using Fleet.DeviceAgent.Keywords;
using Fleet.DeviceAgent.Logging;
using Fleet.DeviceAgent.Service;
using Fleet.DeviceAgent.Transcripts;
using Fleet.DeviceAgent.Uplink;

namespace Fleet.DeviceAgent.Devices;

/// <summary>What the devices of one process share.</summary>
internal sealed record DeviceServices
{
    public required TimeProvider Time { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    public required IIngestConnector Connector { get; init; }

    public required TranscriptPrinter Printer { get; init; }

    public required PlayReport PlayReport { get; init; }

    public required LogGate LogGate { get; init; }

    public required WorkWatch Work { get; init; }

    /// <summary>For <c>--input stdin</c>.</summary>
    public required Func<Stream> OpenStandardInput { get; init; }

    /// <summary>Null without keywords.</summary>
    public KeywordModels? Keywords { get; init; }

    /// <summary>Null with <c>--trigger button</c>.</summary>
    public required IVad? Vad { get; init; }
}
