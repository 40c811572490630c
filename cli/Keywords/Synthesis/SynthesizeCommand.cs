using System.CommandLine;

namespace Fleet.Cli.Keywords.Synthesis;

/// <summary>`fleet-cli keyword synthesize`: clips of a keyword, and of what is not, in the voices of the system.</summary>
internal static class SynthesizeCommand
{
    public static Command Create(TimeProvider time)
    {
        var defaults = new SynthesisOptions { Word = "", Out = "" };
        var word = new Option<string>("--word") { Description = "The keyword: one word, or several in quotes", HelpName = "WORD", Required = true };
        var to = new Option<string>("--out") { Description = "Folder for the clips: positives/, negatives/ and a table of each", HelpName = "FOLDER", Required = true };
        var positives = KeywordOptions.Number("--positives", "Clips of the keyword", defaults.Positives, 1, 100_000);
        var negatives = KeywordOptions.Number("--negatives", "Clips of other talk; half of them sound like the keyword", defaults.Negatives, 0, 100_000);
        var near = KeywordOptions.Number("--near-words", "Different words that sound like the keyword", defaults.NearWords, 0, 2_000);
        var dictionary = new Option<string>("--dictionary")
        {
            Description = "CMU pronouncing dictionary", HelpName = "FILE", DefaultValueFactory = _ => defaults.Dictionary,
        };
        var voices = new Option<string[]>("--voices") { Description = "Only these: an engine (flite), a voice (flite:rms) or a pattern (espeak:*+f3); may be given often", HelpName = "VOICE" };
        var without = new Option<string[]>("--without") { Description = "None of these, such as voices that test the model later; may be given often", HelpName = "VOICE" };
        var formant = KeywordOptions.Number("--formant-percent", "Percent of the clips that espeak-ng says: its voices are unlike people", defaults.FormantPercent, 0, 100);
        var seed = KeywordOptions.Number("--seed", "The same number makes the same clips", defaults.Seed, 0, int.MaxValue);
        var parallel = KeywordOptions.Number("--parallel", "Synthesisers that run at the same time", defaults.Parallel, 1, 64);
        var command = new Command(
            "synthesize",
            "Makes clips of a keyword, of words that sound like it and of other talk, with flite, festival and espeak-ng. What is there already stays: it can be interrupted.")
        {
            word, to, positives, negatives, near, dictionary, voices, without, formant, seed, parallel,
        };
        command.SetAction((result, cancellationToken) => KeywordOptions.RunAsync(result, async output =>
        {
            var options = new SynthesisOptions
            {
                Word = result.GetRequiredValue(word).Trim(),
                Out = Path.GetFullPath(result.GetRequiredValue(to)),
                Positives = result.GetValue(positives),
                Negatives = result.GetValue(negatives),
                NearWords = result.GetValue(near),
                Dictionary = result.GetRequiredValue(dictionary),
                Voices = result.GetValue(voices) ?? [],
                Without = result.GetValue(without) ?? [],
                FormantPercent = result.GetValue(formant),
                Seed = result.GetValue(seed),
                Parallel = result.GetValue(parallel),
            };
            IVoiceEngine[] engines = [new FliteEngine(), new FestivalEngine(), new EspeakEngine()];
            await new SynthesisRunner(options, engines, new ProgressLine(output, time)).RunAsync(output.WriteLine, cancellationToken);
            return 0;
        }));
        return command;
    }
}
