using Fleet.Silo.Telemetry;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Ingest;

/// <summary>What every session shares.</summary>
internal sealed class SessionServices(
    UtteranceWriter writer, LossWriter losses, IUtteranceStore store, ParkingPlace parking, SessionRegistry registry, StorageGeneration generation,
    AudioMemory memory, FleetInstruments instruments, IOptions<IngestOptions> options, TimeProvider time, ILogger<IngestSession> logger)
{
    public UtteranceWriter Writer { get; } = writer;

    public LossWriter Losses { get; } = losses;

    public IUtteranceStore Store { get; } = store;

    public ParkingPlace Parking { get; } = parking;

    public SessionRegistry Registry { get; } = registry;

    public StorageGeneration Generation { get; } = generation;

    public AudioMemory Memory { get; } = memory;

    public FleetInstruments Instruments { get; } = instruments;

    public IngestOptions Options { get; } = options.Value;

    public TimeProvider Time { get; } = time;

    public ILogger<IngestSession> Logger { get; } = logger;
}
