using Fleet.V1;

namespace Fleet.Cli.Output;

/// <summary>Another text that the engine thought possible.</summary>
internal sealed record AlternativeLine(string Text, float Confidence)
{
    public static AlternativeLine From(RecognisedAlternative alternative) => new(alternative.Text, alternative.Confidence);
}
