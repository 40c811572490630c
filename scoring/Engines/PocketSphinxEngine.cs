using Fleet.Audio;
using Fleet.Scoring.Configuration;

namespace Fleet.Scoring.Engines;

/// <summary>PocketSphinx: needs nothing but Debian's packages. Each worker has a decoder of its own, which takes one recording at a time.</summary>
internal sealed class PocketSphinxEngine(string? modelFolder, int alternatives) : ISpeechEngine
{
    public string Name => EngineNames.PocketSphinx;

    public string ModelName => Path.GetFileName(Path.TrimEndingDirectorySeparator(modelFolder ?? PocketSphinxDecoder.DefaultModelFolder));

    public int MaxBatch => 1;

    public int BucketOf(int samples) => 0;

    public IRecogniser CreateRecogniser()
    {
        var decoder = PocketSphinxDecoder.Load(modelFolder);

        // The first decode reads the model's pages and fills caches: no caller should wait for that.
        _ = decoder.Decode(new short[PocketSphinxDecoder.SampleRateHz / 4]);
        return new Recogniser(decoder, alternatives);
    }

    public void Dispose()
    {
        // Each recogniser has its own decoder.
    }

    private sealed class Recogniser(PocketSphinxDecoder decoder, int alternatives) : IRecogniser
    {
        // The library has no way to break a decode off: it is short, and nobody waits for it (docs/operations.md, "Time-outs of the scoring server").
        public IReadOnlyList<Recognition> Recognise(IReadOnlyList<ReadOnlyMemory<short>> recordings, CancellationToken cancellationToken)
        {
            var results = new List<Recognition>(recordings.Count);
            foreach (var recording in recordings)
            {
                cancellationToken.ThrowIfCancellationRequested();
                results.Add(decoder.Decode(recording.Span, alternatives));
            }

            return results;
        }

        public void Dispose() => decoder.Dispose();
    }
}
