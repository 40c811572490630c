using Fleet.V1;

namespace Fleet.Cli.Output;

/// <summary>A word, where it was said, and how sure the engine is.</summary>
internal sealed record WordLine(string Word, uint StartMs, uint EndMs, float Confidence)
{
    public static WordLine From(RecognisedWord word) => new(word.Word, word.StartMs, word.EndMs, word.Confidence);
}
