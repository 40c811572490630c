using System.Globalization;
using System.Text.RegularExpressions;

namespace Fleet.Cli.Keywords.Synthesis;

/// <summary>eSpeak NG: accents of English, each with many variants of one voice by rule.</summary>
internal sealed partial class EspeakEngine : IVoiceEngine
{
    private const int NormalWordsPerMinute = 165;

    private static readonly string[] _accents =
        ["en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-029", "en-us-nyc"];

    public string Packages => "espeak-ng";

    public async Task<IReadOnlyList<Voice>> FindVoicesAsync(CancellationToken cancellationToken)
    {
        var list = await SpeechProgram.RunAsync("espeak-ng", ["--voices=variant"], cancellationToken);
        var variants = list is null
            ? []
            : Variant().Matches(list).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal).Distinct().ToList();
        return [.. variants.SelectMany(variant => _accents.Select(accent => new Voice("espeak", $"{accent}+{variant}", VoiceKind.Formant)))];
    }

    public async Task SpeakAsync(IReadOnlyList<(SpokenText Text, string Path)> texts, CancellationToken cancellationToken)
    {
        foreach (var (text, path) in texts)
        {
            var speed = ((int)(NormalWordsPerMinute * text.Rate)).ToString(CultureInfo.InvariantCulture);
            var pitch = ((int)(50 + (30 * text.Pitch))).ToString(CultureInfo.InvariantCulture);
            await SpeechProgram.RunAsync("espeak-ng", ["-v", text.Voice.Name, "-s", speed, "-p", pitch, "-w", path, text.Text], cancellationToken);
        }
    }

    // The file of a variant: "!v/f3".
    [GeneratedRegex(@"!v/(\S+)")]
    private static partial Regex Variant();
}
