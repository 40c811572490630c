using Fleet.Silo.Ingest;
using Fleet.Silo.Retranscription;
using Fleet.Silo.Transcription;
using Fleet.Storage;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Api;

/// <summary>What the fleet API needs for versions and runs.</summary>
internal sealed record RetranscriptionParts(
    RetranscriptionStore Runs, TranscriptVersions Versions, IBackgroundTranscriber Transcriber, RetranscriptionBell Bell, AudioMemory Memory,
    IOptions<RetranscriptionOptions> Options, IOptions<IngestOptions> Ingest);
