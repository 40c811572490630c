using System.Globalization;

namespace Fleet.Benchmarks.Endpointing;

/// <summary>One clip, recognised whole and in utterances.</summary>
internal sealed class ClipResult
{
    public ClipResult(Clip clip, IReadOnlyList<Utterance> utterances, CachingDecoder decoder)
    {
        Clip = clip;
        Utterances = utterances;
        Reference = Words(clip.Text);
        Whole = Words(decoder.Decode(clip.Samples.Span));
        Cut = [.. utterances.SelectMany(utterance => Words(decoder.Decode(utterance.Samples.Span)))];
    }

    public Clip Clip { get; }

    public IReadOnlyList<Utterance> Utterances { get; }

    public string[] Reference { get; }

    public string[] Whole { get; }

    public string[] Cut { get; }

    public int WholeErrors => Errors(Reference, Whole);

    public int CutErrors => Errors(Reference, Cut);

    /// <summary>The first word that the whole recording gives is not the first that the utterances give.</summary>
    public bool FirstWordDiffers => Whole.FirstOrDefault() != Cut.FirstOrDefault();

    /// <summary>The same for the last word.</summary>
    public bool LastWordDiffers => Whole.LastOrDefault() != Cut.LastOrDefault();

    public override string ToString()
    {
        var cuts = string.Join(
            ' ',
            Utterances.Select(static u => string.Create(
                CultureInfo.InvariantCulture,
                $"[{u.FirstSample / 16000.0:F2}-{(u.FirstSample + u.Samples.Length) / 16000.0:F2} {u.Reason}]")));
        var seconds = Clip.Samples.Length / 16000.0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {Clip.Name} {seconds:F2} s, errors {WholeErrors} whole, {CutErrors} cut {cuts}
              text  {string.Join(' ', Reference)}
              whole {string.Join(' ', Whole)}
              cut   {string.Join(' ', Cut)}
            """);
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static int Errors(string[] reference, string[] hypothesis)
    {
        var row = Enumerable.Range(0, hypothesis.Length + 1).ToArray();
        for (var i = 1; i <= reference.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= hypothesis.Length; j++)
            {
                var substitution = diagonal + (reference[i - 1] == hypothesis[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
