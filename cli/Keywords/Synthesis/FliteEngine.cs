using System.Globalization;

namespace Fleet.Cli.Keywords.Synthesis;

/// <summary>Flite: small voices from recordings of people.</summary>
internal sealed class FliteEngine : IVoiceEngine
{
    // "kal" is "kal16" at 8 kHz; "awb_time" can only tell the time.
    private static readonly string[] _unfit = ["kal", "awb_time"];

    public string Packages => "flite";

    public async Task<IReadOnlyList<Voice>> FindVoicesAsync(CancellationToken cancellationToken)
    {
        var list = await SpeechProgram.RunAsync("flite", ["-lv"], cancellationToken);
        return list?.Split(':', 2) is [_, var names]
            ? [.. names.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Except(_unfit).Select(name => new Voice("flite", name, VoiceKind.Natural))]
            : [];
    }

    public async Task SpeakAsync(IReadOnlyList<(SpokenText Text, string Path)> texts, CancellationToken cancellationToken)
    {
        foreach (var (text, path) in texts)
        {
            var stretch = (1 / text.Rate).ToString("0.###", CultureInfo.InvariantCulture);
            await SpeechProgram.RunAsync(
                "flite", ["-voice", text.Voice.Name, "--setf", $"duration_stretch={stretch}", "-o", path, "-t", text.Text], cancellationToken);
        }
    }
}
