namespace Fleet.Scoring.Configuration;

/// <summary>The engines by the names that the option Engine takes.</summary>
internal static class EngineNames
{
    public const string PocketSphinx = "pocketsphinx";

    public const string Wav2Vec2 = "wav2vec2";
}
