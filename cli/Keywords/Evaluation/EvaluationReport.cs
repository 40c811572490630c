using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Audio.Keywords;

namespace Fleet.Cli.Keywords.Evaluation;

/// <summary>Tells how a model does: tables for people, one JSON object for programs.</summary>
internal sealed class EvaluationReport(KeywordModelDescription model, KeywordEvaluation evaluation, IReadOnlyList<double> rates)
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public void Write(TextWriter output)
    {
        Line(output, $"Model {model.Id}: {string.Join(", ", model.KeywordLabels)}. {evaluation.Positives.Count} recordings with the keyword, {evaluation.Hours:0.00} h without.");
        Line(output, $"Processor time: {evaluation.CpuMillisecondsPerSecond:0.0} ms for a second of audio.");
        Line(output, $"");
        Line(output, $"{"at",-22}{"threshold",11}{"false accepts",15}{"an hour, 95 %",18}{"missed",14}{"95 %",16}");
        Row(output, $"as it is set", evaluation.AsSet(model.Threshold));
        foreach (var rate in rates)
        {
            Row(output, $"<= {rate} an hour", evaluation.Curve.AtRate(rate));
        }

        var set = model.Threshold;
        Groups(output, "Missed as it is set, by voice", evaluation.Misses(static row => row.Kind, set));
        Groups(output, "Missed as it is set, by condition", evaluation.Misses(static row => row.Context, set));
        Line(output, $"");
        Line(output, $"False accepts as it is set, by kind");
        foreach (var (name, events, hours) in evaluation.FalseAccepts(set))
        {
            var interval = Interval.OfRate(events, hours);
            Line(output, $"  {Name(name),-40}{events,5} in {hours,6:0.00} h   {interval.Low:0.00}-{interval.High:0.00} an hour");
        }
    }

    public void WriteJson(TextWriter output) => output.WriteLine(JsonSerializer.Serialize(
        new
        {
            model = model.Id,
            keywords = model.KeywordLabels,
            positives = evaluation.Positives.Count,
            negative_hours = Math.Round(evaluation.Hours, 4),
            cpu_ms_per_audio_second = Math.Round(evaluation.CpuMillisecondsPerSecond, 2),
            as_set = Point(null, evaluation.AsSet(model.Threshold)),
            operating_points = rates.Select(rate => Point(rate, evaluation.Curve.AtRate(rate))),
            false_accepts_as_set = evaluation.FalseAccepts(model.Threshold).Select(static kind => new { kind = kind.Name, events = kind.Events, hours = Math.Round(kind.Hours, 4) }),
        },
        _json));

    private object Point(double? rate, OperatingPoint point)
    {
        var (missed, accepts) = (Interval.OfShare(point.Misses, evaluation.Positives.Count), Interval.OfRate(point.FalseAccepts, evaluation.Hours));
        return new
        {
            false_accepts_per_hour_at_most = rate,
            threshold = double.IsFinite(point.Threshold) ? (double?)point.Threshold : null,
            false_accepts = point.FalseAccepts,
            false_accepts_per_hour_95 = new[] { Rounded(accepts.Low), Rounded(accepts.High) },
            missed = point.Misses,
            missed_share = evaluation.Positives.Count == 0 ? null : (double?)((double)point.Misses / evaluation.Positives.Count),
            missed_share_95 = new[] { Rounded(missed.Low), Rounded(missed.High) },
            by_voice = Groups(evaluation.Misses(static row => row.Kind, point.Threshold)),
            by_condition = Groups(evaluation.Misses(static row => row.Context, point.Threshold)),
        };
    }

    private static IEnumerable<object> Groups(IReadOnlyList<(string Name, int Misses, int Count)> groups) => groups.Select(static group =>
    {
        var interval = Interval.OfShare(group.Misses, group.Count);
        return new { name = group.Name, missed = group.Misses, count = group.Count, missed_share_95 = new[] { Rounded(interval.Low), Rounded(interval.High) } };
    });

    private static double? Rounded(double value) => double.IsFinite(value) ? Math.Round(value, 4) : null;

    private static void Groups(TextWriter output, string title, IReadOnlyList<(string Name, int Misses, int Count)> groups)
    {
        Line(output, $"");
        Line(output, $"{title}");
        foreach (var (name, misses, count) in groups)
        {
            var interval = Interval.OfShare(misses, count);
            Line(output, $"  {Name(name),-40}{misses,5} of {count,-5} {100 * interval.Low,5:0.0}-{100 * interval.High:0.0} %");
        }
    }

    private void Row(TextWriter output, FormattableString name, OperatingPoint point)
    {
        var (missed, accepts) = (Interval.OfShare(point.Misses, evaluation.Positives.Count), Interval.OfRate(point.FalseAccepts, evaluation.Hours));
        var threshold = double.IsFinite(point.Threshold) ? point.Threshold.ToString("0.0000", CultureInfo.InvariantCulture) : "none";
        var (rate, share) = (FormattableString.Invariant($"{accepts.Low:0.00}-{accepts.High:0.00}"), FormattableString.Invariant($"{100 * missed.Low:0.0}-{100 * missed.High:0.0} %"));
        Line(output, $"{name.ToString(CultureInfo.InvariantCulture),-22}{threshold,11}{point.FalseAccepts,15}{rate,18}{$"{point.Misses} of {evaluation.Positives.Count}",14}{share,16}");
    }

    private static string Name(string name) => name.Length == 0 ? "(not said)" : name;

    private static void Line(TextWriter output, FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture).TrimEnd());
}
