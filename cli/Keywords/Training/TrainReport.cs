using System.Globalization;
using System.Text;
using Fleet.Cli.Keywords.Evaluation;

namespace Fleet.Cli.Keywords.Training;

/// <summary>Says in report.md and roc.svg how a training came out, on clips that it did not learn from.</summary>
internal sealed class TrainReport(
    TrainOptions options, IWindowFeatures features, ClipPlan plan, ValidationScores validation, Calibration calibration, Ensemble ensemble)
{
    public void Write(Action<string> say, TimeSpan took, DateOnly date)
    {
        var curve = OperatingCurve.Create(validation.Peaks, validation.Tracks, validation.Hours, validation.RefractorySteps);
        File.WriteAllText(Path.Combine(options.Out, "roc.svg"), RocChart.Draw($"\"{options.Word}\", held-out clips of the training material", [("validation", curve)]));
        var point = curve.AtThreshold(calibration.Threshold);
        var text = Text(curve, point, took, date);
        File.WriteAllText(Path.Combine(options.Out, "report.md"), text);
        say(string.Create(
            CultureInfo.InvariantCulture,
            $"At a score of {Calibration.WorkingScore}: {Heard(point)} of {validation.Peaks.Count} held-out keywords heard, {point.FalseAccepts} false accepts in {validation.Hours:0.00} h."));
        say($"The model is in {options.Out}: model.json, keyword.onnx, report.md, roc.svg. Try it on other recordings: fleet-cli keyword eval --model {options.Out} …");
    }

    private int Heard(OperatingPoint point) => validation.Peaks.Count - point.Misses;

    private string Text(OperatingCurve curve, OperatingPoint point, TimeSpan took, DateOnly date)
    {
        var text = new StringBuilder();
        Line(text, $"# \"{options.Word}\", trained {date:yyyy-MM-dd}");
        Line(text, $"");
        Line(text, $"{ensemble.Heads.Count} network(s) on {features.Name} features, {ensemble.Heads.Sum(head => head.ParameterCount)} weights, seed {options.Seed}, {options.Rounds} rounds of {options.Steps} batches, {took.TotalMinutes:0.0} minutes.");
        Line(text, $"Learned from {validation.TrainedKeywords} scenes of {Count(ClipKind.Keyword)} clips of the keyword, {Count(ClipKind.Other)} other clips and {Count(ClipKind.Recording) + Count(ClipKind.Noise)} recordings.");
        Line(text, $"");
        Line(text, $"The figures below are about {options.ValidationPercent} % of the files, which were kept out of training. The voices in them were not: how it does on voices it has never heard, only `fleet-cli keyword eval` with such recordings tells.");
        if (validation.TracksAreClips)
        {
            Line(text, $"There were no long recordings: false accepts are counted in clips that were made to be confused with the keyword. In ordinary talk there are fewer.");
        }

        Line(text, $"");
        Line(text, $"| at | score | false accepts in {validation.Hours:0.00} h | an hour, 95 % | heard | 95 % |");
        Line(text, $"|---|---|---|---|---|---|");
        Row(text, $"working point", Calibration.WorkingScore, point);
        foreach (var rate in new[] { 0.1, 0.5, 2 })
        {
            var at = curve.AtRate(rate);
            Row(text, $"<= {rate} an hour", calibration.Score(at.Threshold), at);
        }

        if (validation.Others.Count > 0)
        {
            Line(text, $"");
            Line(text, $"Other clips (half of them words that sound like the keyword) that fire at the working point: {validation.Others.Count(peak => peak >= calibration.Threshold)} of {validation.Others.Count}.");
        }

        Line(text, $"");
        Line(text, $"![Keywords heard against false accepts an hour](roc.svg)");
        return text.ToString();
    }

    private void Row(StringBuilder text, FormattableString name, double score, OperatingPoint point)
    {
        var rate = Interval.OfRate(point.FalseAccepts, validation.Hours);
        var heard = Interval.OfShare(Heard(point), validation.Peaks.Count);
        var at = double.IsFinite(point.Threshold) ? score.ToString("0.000", CultureInfo.InvariantCulture) : "none";
        Line(text, $"| {name.ToString(CultureInfo.InvariantCulture)} | {at} | {point.FalseAccepts} | {rate.Low:0.00}-{rate.High:0.00} | {Heard(point)} of {validation.Peaks.Count} | {100 * heard.Low:0.0}-{100 * heard.High:0.0} % |");
    }

    private int Count(ClipKind kind) => plan.Work.Where(work => work.Kind == kind).DistinctBy(work => work.File).Count();

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
