using System.CommandLine;
using Fleet.Cli.Keywords.Sounds;

namespace Fleet.Cli.Keywords.Recording;

/// <summary>`fleet-cli keyword record`: clips of one's own, one after the other.</summary>
internal static class RecordCommand
{
    private const int ClipSeconds = 2;

    private const string About =
        """
        Records clips for keyword train, guided: it says when to speak, listens to what came, and asks again when that is of no use. Each
        person who will use the keyword, and the microphone that will listen, make the best clips; 40 of a person and a few minutes of the
        room are a beginning. With --files it cuts recordings that exist into clips, a word each where there is silence around it.

        Example
          fleet-cli keyword record --word listen --out clips --speaker anna
          fleet-cli keyword record --class noise --out clips --count 60
        """;

    public static Command Create()
    {
        var word = new Option<string>("--word") { Description = "The keyword", HelpName = "WORD", DefaultValueFactory = _ => "listen" };
        var to = new Option<string>("--out") { Description = "Folder for the clips: positives/, negatives/, negatives/noise/ and tables of them", HelpName = "FOLDER", Required = true };
        var clipClass = new Option<string>("--class") { Description = "What is recorded: the keyword, other words, or no speech", HelpName = "keyword|other|noise", DefaultValueFactory = _ => "keyword" };
        clipClass.AcceptOnlyFromAmong("keyword", "other", "noise");
        var count = KeywordOptions.Number("--count", "Clips of 2 s to record", 20, 1, 10_000);
        var speaker = new Option<string>("--speaker") { Description = "Who speaks: letters, digits and -, for the files' names and the tables", HelpName = "NAME", DefaultValueFactory = _ => "speaker" };
        speaker.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } name && (name.Length is 0 or > 40 || name.Any(static c => !char.IsAsciiLetterOrDigit(c) && c != '-')))
            {
                result.AddError("--speaker takes 1 to 40 letters, digits and -.");
            }
        });
        var device = new Option<string>("--device") { Description = "ALSA device, as arecord -D takes it; arecord -L lists them", HelpName = "DEVICE", DefaultValueFactory = _ => "default" };
        var files = new Option<string[]>("--files") { Description = "WAV files or folders of them to cut, instead of a microphone; may be given often", HelpName = "FILE|FOLDER" };
        var command = new Command("record", About) { word, to, clipClass, count, speaker, device, files };
        command.SetAction((result, cancellationToken) => KeywordOptions.RunAsync(result, async output =>
        {
            var kind = Enum.Parse<ClipClass>(result.GetRequiredValue(clipClass), ignoreCase: true);
            var folder = new ClipFolder(Path.GetFullPath(result.GetRequiredValue(to)), kind);
            var recorder = new ClipRecorder(folder, kind, result.GetRequiredValue(word).Trim().ToLowerInvariant(), result.GetRequiredValue(speaker), output);
            if (result.GetValue(files) is { Length: > 0 } recordings)
            {
                recorder.Cut([.. recordings.SelectMany(SoundFolder.Files)], ClipSeconds);
            }
            else
            {
                var from = result.GetRequiredValue(device);
                await recorder.RecordAsync(result.GetValue(count), () => Arecord.RecordAsync(from, ClipSeconds, cancellationToken), cancellationToken);
            }

            await output.WriteLineAsync($"{folder.Count} clips are in {folder.Folder}.");
            return 0;
        }));
        return command;
    }
}
