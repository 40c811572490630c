using System.CommandLine;
using Fleet.Audio.Keywords;
using Fleet.Cli.Keywords.Sounds;

namespace Fleet.Cli.Keywords.Evaluation;

/// <summary>`fleet-cli keyword eval`: what a model misses, and what it takes for the keyword.</summary>
internal static class EvalCommand
{
    private const string About =
        """
        Measures a model on recordings: how many keywords it misses at 0.1, 0.5 and 2 false accepts an hour, by voice and condition, with
        95 % intervals, and its processor time. Without --model: the one for "listen" that comes with Fleet.

        A table is text with tabs between the columns, and names them in its first line: file (beside the table), and where they are
        known start_s and end_s (the keyword's, in seconds), kind (who speaks, or what it is), context or condition. Few hours say
        little about few false accepts: no event in 2 h means only fewer than 1.8 an hour.

        Example
          fleet-cli keyword eval --model my-model --positives said/positives.tsv --negatives talk/negatives.tsv
        """;

    private static readonly double[] _rates = [0.1, 0.5, 2];

    public static Command Create(TimeProvider time)
    {
        var model = new Option<string?>("--model") { Description = "Folder with model.json, or the name of a model that comes with Fleet; default: listen", HelpName = "FOLDER" };
        var positives = new Option<string>("--positives") { Description = "Table of recordings that hold the keyword once each", HelpName = "TSV", Required = true };
        var negatives = new Option<string>("--negatives") { Description = "Table of recordings without it: talk, music, rooms", HelpName = "TSV", Required = true };
        var json = new Option<bool>("--json") { Description = "One JSON object instead of tables" };
        var roc = new Option<string?>("--roc") { Description = "SVG file to draw heard keywords against false accepts in", HelpName = "FILE" };
        var threads = KeywordOptions.Number("--threads", "Recordings at a time", Environment.ProcessorCount, 1, 256);
        var command = new Command("eval", About) { model, positives, negatives, json, roc, threads };
        command.SetAction((result, cancellationToken) => KeywordOptions.RunAsync(result, async output =>
        {
            var folder = KeywordModelFolder.Read(ShippedKeywordModels.Find(result.GetValue(model) ?? ShippedKeywordModels.Default));
            using var loaded = folder.Load(() => SpeechEmbedding.Load());
            var isJson = result.GetValue(json);
            var errors = TextWriter.Synchronized(result.InvocationConfiguration.Error);
            var progress = new ProgressLine(isJson ? errors : output, time);
            var evaluation = Evaluate(
                loaded, ClipTable.Read(result.GetRequiredValue(positives)), ClipTable.Read(result.GetRequiredValue(negatives)), result.GetValue(threads), progress,
                cancellationToken);
            var report = new EvaluationReport(folder.Description, evaluation, _rates);
            if (isJson)
            {
                report.WriteJson(output);
            }
            else
            {
                report.Write(output);
            }

            if (result.GetValue(roc) is { } file)
            {
                await File.WriteAllTextAsync(file, RocChart.Draw(folder.Description.Id, [(folder.Description.Id, evaluation.Curve)]), cancellationToken);
            }

            return 0;
        }));
        return command;
    }

    private static KeywordEvaluation Evaluate(
        IKeywordModel model, IReadOnlyList<ClipRow> positives, IReadOnlyList<ClipRow> negatives, int threads, ProgressLine progress, CancellationToken cancellationToken)
    {
        if (positives.Count == 0 || negatives.Count == 0)
        {
            throw new InvalidDataException("A table has no line below its first one: name at least one recording with the keyword and one without.");
        }

        List<ClipRow> rows = [.. positives, .. negatives];
        var scores = new ClipScores[rows.Count];
        progress.Begin("listening", rows.Count);
        var before = Environment.CpuUsage.TotalTime;
        Parallel.ForEach(rows.Index(), new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, row =>
        {
            scores[row.Index] = ClipScores.Of(row.Item, Wave16.Read(row.Item.File), model);
            progress.Add();
        });
        var cpu = Environment.CpuUsage.TotalTime - before;
        progress.End();
        var refractorySteps = Math.Max(1, (int)Math.Round((double)model.Description.RefractoryMs / StrideMs(model.Description)));
        return new KeywordEvaluation(scores[..positives.Count], scores[positives.Count..], refractorySteps, cpu.TotalMilliseconds);
    }

    private static int StrideMs(KeywordModelDescription model) => model.StrideMs ?? (model.Kind == KeywordModelDescription.EmbeddingKind ? 80 : 250);
}
