using System.CommandLine;
using Fleet.Audio.Keywords;

namespace Fleet.Cli.Keywords.Training;

/// <summary>`fleet-cli keyword train`: a model from folders of clips.</summary>
internal static class TrainCommand
{
    private const string About =
        """
        Trains a model on clips of a keyword and of everything else, minutes on two cores.

        Any WAV files do (8 to 192 kHz). Clips of the keyword hold it once; a positives.tsv beside them may say where. Negatives up
        to 8 seconds are clips, longer ones are recordings of ordinary sound (talk, music, rooms), of which an hour or more makes
        few false accepts; none may hold the keyword. A folder named noise is sound without speech. It can be interrupted.
        """;

    public static Command Create(TimeProvider time)
    {
        var defaults = new TrainOptions { Word = "", Positives = [], Negatives = [], Out = "", Cache = "" };
        var word = new Option<string>("--word") { Description = "The keyword", HelpName = "WORD", Required = true };
        var positives = new Option<string[]>("--positives") { Description = "Folder of clips of the keyword; may be given often", HelpName = "FOLDER", Required = true };
        var negatives = new Option<string[]>("--negatives") { Description = "Folder of anything else; may be given often", HelpName = "FOLDER", Required = true };
        var to = new Option<string>("--out") { Description = "Folder for the model: model.json, keyword.onnx, report.md, roc.svg", HelpName = "FOLDER", Required = true };
        var cache = new Option<string?>("--cache") { Description = "Folder for features, which other trainings may share; default: training/ in --out", HelpName = "FOLDER" };
        var features = new Option<string>("--features")
        {
            Description = "embedding: knows voices already, for synthetic clips; mfcc: Edge Impulse's, for recordings of the people who will speak",
            HelpName = "embedding|mfcc",
            DefaultValueFactory = _ => defaults.Features,
        };
        features.AcceptOnlyFromAmong("embedding", "mfcc");
        var heads = KeywordOptions.Number("--heads", "Networks whose answers are averaged (mfcc: 1)", defaults.Heads, 1, 16);
        var passes = KeywordOptions.Number("--passes", "Changed copies of each clip: other rooms, noises, speeds", defaults.Passes, 1, 100);
        var rounds = KeywordOptions.Number("--rounds", "Times to train on what was confused before", defaults.Rounds, 1, 20);
        var steps = KeywordOptions.Number("--steps", "Batches of a round", defaults.Steps, 10, 1_000_000);
        var validation = KeywordOptions.Number("--validation-percent", "Percent of the files that are kept out, to calibrate by", defaults.ValidationPercent, 1, 50);
        var rate = KeywordOptions.Number("--false-accepts", "False accepts an hour at a score of 0.85", defaults.FalseAcceptsPerHour, 0.01, 1000);
        var seed = KeywordOptions.Number("--seed", "The same number and files make the same model", defaults.Seed, 0, int.MaxValue);
        var threads = KeywordOptions.Number("--threads", "Processor cores to use; the model does not depend on it", defaults.Threads, 1, 256);
        var licence = new Option<string>("--licence") { Description = "Licence of the model, for model.json", HelpName = "TEXT", DefaultValueFactory = _ => defaults.Licence };
        var command = new Command("train", About)
        {
            word, positives, negatives, to, cache, features, heads, passes, rounds, steps, validation, rate, seed, threads, licence,
        };
        command.SetAction((result, cancellationToken) => KeywordOptions.RunAsync(result, output =>
        {
            var folder = Path.GetFullPath(result.GetRequiredValue(to));
            var isMfcc = result.GetValue(features) == "mfcc";
            var options = new TrainOptions
            {
                Word = result.GetRequiredValue(word).Trim().ToLowerInvariant(),
                Positives = result.GetRequiredValue(positives),
                Negatives = result.GetRequiredValue(negatives),
                Out = folder,
                Cache = Path.GetFullPath(result.GetValue(cache) ?? Path.Combine(folder, "training")),
                Features = result.GetRequiredValue(features),
                Heads = isMfcc ? 1 : result.GetValue(heads),
                Passes = result.GetValue(passes),
                Rounds = result.GetValue(rounds),
                Steps = result.GetValue(steps),
                ValidationPercent = result.GetValue(validation),
                FalseAcceptsPerHour = result.GetValue(rate),
                Seed = result.GetValue(seed),
                Threads = result.GetValue(threads),
                Licence = result.GetRequiredValue(licence),
            };
            using IWindowFeatures windowFeatures = isMfcc ? new MfccFeatures(new MfccParameters()) : new EmbeddingFeatures(SpeechEmbedding.Load());
            new TrainRunner(options, windowFeatures, output, time).Run(cancellationToken);
            return Task.FromResult(0);
        }));
        return command;
    }
}
