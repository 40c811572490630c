using Fleet.Scoring.Configuration;
using Fleet.Scoring.Engines.Wav2Vec2;
using Microsoft.Extensions.Options;

namespace Fleet.Scoring.Engines;

/// <summary>Loads the engine that the options name, when it is first asked for: until then the server already answers that it lives.</summary>
internal sealed class SpeechEngineSource(Func<ISpeechEngine> load) : IDisposable
{
    private readonly Lazy<ISpeechEngine> _engine = new(load, LazyThreadSafetyMode.ExecutionAndPublication);

    public ISpeechEngine Engine => _engine.Value;

    public static SpeechEngineSource Of(IOptions<ScoringServerOptions> options) => new(() => Load(options.Value));

    public void Dispose()
    {
        if (_engine.IsValueCreated)
        {
            _engine.Value.Dispose();
        }
    }

    private static ISpeechEngine Load(ScoringServerOptions options)
    {
        const int SamplesPerMillisecond = 16;
        return options.IsEngine(EngineNames.PocketSphinx)
            ? new PocketSphinxEngine(options.ModelFolder, options.Alternatives)
            : Wav2Vec2Engine.Load(new Wav2Vec2Settings
            {
                ModelFolder = options.ModelFolder ?? "",
                Threads = options.Threads,
                MaxBatch = options.MaxBatch,
                BucketSamples = options.BucketMilliseconds * SamplesPerMillisecond,
                BeamWidth = options.BeamWidth,
                Alternatives = options.Alternatives,
                AttentionMask = options.AttentionMask,
            });
    }
}
