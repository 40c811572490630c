using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Fleet.Cli.Keywords.Synthesis;

/// <summary>Festival: English voices, and those of other languages, which say the keyword with an accent.</summary>
internal sealed partial class FestivalEngine : IVoiceEngine
{
    private static readonly string[] _english = ["kal_diphone", "ked_diphone", "rab_diphone", "don_diphone", "cmu_us_slt_arctic_hts"];

    private static readonly string[] _accented =
    [
        "lp_diphone", "pc_diphone", "suo_fi_lj_diphone", "hy_fi_mv_diphone", "upc_ca_ona_hts", "czech_dita", "czech_krb", "czech_machac", "czech_ph",
    ];

    public string Packages =>
        "festival festvox-kallpc16k festvox-kdlpc16k festvox-us-slt-hts "
        + "festvox-italp16k festvox-itapc16k festvox-suopuhe-lj festvox-suopuhe-mv festvox-ca-ona-hts "
        + "festvox-czech-dita festvox-czech-krb festvox-czech-machac festvox-czech-ph";

    public async Task<IReadOnlyList<Voice>> FindVoicesAsync(CancellationToken cancellationToken)
    {
        var list = await RunAsync("(print (voice.list))", cancellationToken);
        var names = list is null ? [] : Name().Matches(list).Select(match => match.Value).Order(StringComparer.Ordinal).ToList();
        return
        [
            .. names.Intersect(_english).Select(name => new Voice("festival", name, VoiceKind.Natural)),
            .. names.Intersect(_accented).Select(name => new Voice("festival", name, VoiceKind.Accented)),
        ];
    }

    public async Task SpeakAsync(IReadOnlyList<(SpokenText Text, string Path)> texts, CancellationToken cancellationToken)
    {
        var script = new StringBuilder();
        foreach (var voice in texts.GroupBy(text => text.Text.Voice.Name))
        {
            script.AppendLine(CultureInfo.InvariantCulture, $"(voice_{voice.Key})");
            foreach (var (text, path) in voice)
            {
                // unwind-protect: a text that a voice cannot say does not end the batch.
                script.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"""(unwind-protect (let ((u (Utterance Text "{Quoted(text.Text)}"))) (Parameter.set 'Duration_Stretch {1 / text.Rate:0.###}) (utt.synth u) (utt.save.wave u "{Quoted(path)}" 'riff)) nil)""");
            }
        }

        await RunAsync(script.ToString(), cancellationToken);
    }

    private static async Task<string?> RunAsync(string script, CancellationToken cancellationToken)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, script, cancellationToken);
            return await SpeechProgram.RunAsync("festival", ["-b", file], cancellationToken);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Quoted(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    [GeneratedRegex(@"[\w-]+")]
    private static partial Regex Name();
}
