using Fleet.Silo.Telemetry;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Ingest;

/// <summary>What every session shares.</summary>
internal sealed class SessionServices(
    UtteranceWriter writer, AudioMemory memory, FleetInstruments instruments, IOptions<IngestOptions> options, TimeProvider time, ILogger<IngestSession> logger)
{
    public UtteranceWriter Writer { get; } = writer;

    public AudioMemory Memory { get; } = memory;

    public FleetInstruments Instruments { get; } = instruments;

    public IngestOptions Options { get; } = options.Value;

    public TimeProvider Time { get; } = time;

    public ILogger<IngestSession> Logger { get; } = logger;
}
