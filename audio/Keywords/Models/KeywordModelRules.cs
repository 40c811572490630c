using System.Text.RegularExpressions;

namespace Fleet.Audio.Keywords;

/// <summary>What a model.json must satisfy before its files are looked at.</summary>
internal static partial class KeywordModelRules
{
    private const int MaxKeywords = 32;
    private const int MaxKeywordCharacters = 64;
    private const int StepMs = 1000 * SpeechEmbedding.StepSamples / SpeechEmbedding.SampleRateHz;

    public static IEnumerable<string> Problems(KeywordModelDescription model)
    {
        string?[] problems =
        [
            model.Kind is KeywordModelDescription.EmbeddingKind or KeywordModelDescription.MfccKind or KeywordModelDescription.EimKind
                ? null : $"'kind' is '{model.Kind}': give embedding, mfcc or eim.",
            Identifier().IsMatch(model.Id) ? null : "'id' must be 1 to 64 of a-z, A-Z, 0-9, '-', '_', '.'.",
            OutOf("threshold", model.Threshold, 0.01, 1),
            OutOf("patience", model.Patience, 1, 100),
            OutOf("refractory_ms", model.RefractoryMs, 0, 60_000),
            OutOf("delay_ms", model.DelayMs, -2_000, 2_000),
            OutOf("warm_up", model.WarmUp ?? 0, 0, 1_000),
            OutOf("moving_average", model.MovingAverage, 1, 100),
            model.Calibration is { Scale: <= 0 } ? "'calibration.scale' must be more than 0." : null,
            string.IsNullOrWhiteSpace(model.Licence) ? "'licence' is empty: say under which licence the model may be used." : null,
            string.IsNullOrWhiteSpace(model.Origin) ? "'origin' is empty: say where the model comes from." : null,
            .. Labels(model), .. Files(model), .. OfKind(model), .. Calibration(model),
        ];
        return problems.OfType<string>();
    }

    private static IEnumerable<string?> Labels(KeywordModelDescription model)
    {
        var isEim = model.Kind == KeywordModelDescription.EimKind;
        yield return model.Labels.Count == 0 && !isEim ? "'labels' is empty: name the outputs of the classifier." : null;
        yield return model.Labels.Distinct(StringComparer.Ordinal).Count() < model.Labels.Count ? "'labels' names one twice." : null;
        yield return model.Keywords.Count == 0 && (model.Labels.Count > 1 || isEim) ? "'keywords' is missing: name the labels that are keywords." : null;
        yield return model.KeywordLabels.Count > MaxKeywords ? $"'keywords' has more than {MaxKeywords} entries." : null;
        yield return model.KeywordLabels.Any(static word => string.IsNullOrWhiteSpace(word) || word.Length > MaxKeywordCharacters)
            ? $"A keyword must have 1 to {MaxKeywordCharacters} characters." : null;
        yield return model.Labels.Count > 0 && model.Keywords.Except(model.Labels).FirstOrDefault() is { } unknown
            ? $"The keyword '{unknown}' is none of the 'labels'." : null;
    }

    private static IEnumerable<string?> Files(KeywordModelDescription model)
    {
        yield return model.Files.Count == 0 ? "'files' is empty: name the model's files with their SHA-256." : null;
        yield return model.Files.Count > 1 && model.Kind != KeywordModelDescription.EmbeddingKind ? $"A model of kind {model.Kind} has one file." : null;
        yield return model.Files.Count > 16 ? "'files' has more than 16 entries." : null;
        foreach (var file in model.Files)
        {
            yield return string.IsNullOrEmpty(file.Name) || Path.GetFileName(file.Name) != file.Name || file.Name is "." or ".."
                ? $"The file '{file.Name}' must be a plain name in the model's folder." : null;
            yield return !Sha256().IsMatch(file.Sha256 ?? "") ? $"'sha256' of '{file.Name}' must be 64 hexadecimal digits (sha256sum prints them)." : null;
        }
    }

    private static IEnumerable<string?> OfKind(KeywordModelDescription model)
    {
        if (model.Kind == KeywordModelDescription.EmbeddingKind)
        {
            yield return model.WindowMs is { } window && (window < StepMs || window > 10_000 || window % StepMs != 0)
                ? $"'window_ms' of an embedding model must be a multiple of {StepMs}, up to 10000." : null;
            yield return model.StrideMs is not null and not StepMs ? $"'stride_ms' of an embedding model is {StepMs}." : null;
            yield return model.Mfcc is not null || model.PerformanceCalibration is not null || model.MovingAverage > 1
                ? "'mfcc', 'performance_calibration' and 'moving_average' are not for embedding models." : null;
        }
        else if (model.Kind == KeywordModelDescription.MfccKind)
        {
            yield return OutOf("window_ms", model.WindowMs ?? 1_000, 100, 10_000);
            yield return OutOf("stride_ms", model.StrideMs ?? 250, 10, model.WindowMs ?? 1_000);
        }
        else
        {
            yield return model.Mfcc is not null ? "'mfcc' is not for eim models: the runner does that itself." : null;
            yield return model.WindowMs is not null ? "'window_ms' is not for eim models: the runner says it." : null;
            yield return OutOf("stride_ms", model.StrideMs ?? 250, 10, 10_000);
        }

        foreach (var problem in Runner(model))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string?> Runner(KeywordModelDescription model)
    {
        if (model.Eim is not { } eim)
        {
            yield break;
        }

        yield return model.Kind == KeywordModelDescription.EimKind ? null : "'eim' is for eim models only.";
        yield return OutOf("eim.start_timeout_ms", eim.StartTimeoutMs, 100, 60_000);
        yield return OutOf("eim.reply_timeout_ms", eim.ReplyTimeoutMs, 50, 10_000);
        yield return eim.Thresholds.Count > 16 ? "'eim.thresholds' has more than 16 entries." : null;
    }

    private static IEnumerable<string?> Calibration(KeywordModelDescription model)
    {
        if (model.PerformanceCalibration is not { } calibration)
        {
            yield break;
        }

        yield return OutOf("performance_calibration.average_window_ms", calibration.AverageWindowMs, 1, 60_000);
        yield return OutOf("performance_calibration.detection_threshold", calibration.DetectionThreshold, 0.01, 1);
        yield return OutOf("performance_calibration.suppression_ms", calibration.SuppressionMs, 0, 60_000);
        yield return model.Labels.Count > 0 && calibration.DetectionThreshold <= 1.0 / model.Labels.Count
            ? "'performance_calibration.detection_threshold' must be above 1 / number of labels, or chance detects." : null;
        yield return model.Labels.Count > 0 && calibration.SuppressionLabels.Except(model.Labels).FirstOrDefault() is { } unknown
            ? $"The suppression label '{unknown}' is none of the 'labels'." : null;
    }

    private static string? OutOf(string field, double value, double least, double most) =>
        value >= least && value <= most ? null : FormattableString.Invariant($"'{field}' is {value}: give {least} to {most}.");

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$")]
    private static partial Regex Identifier();

    [GeneratedRegex("^[0-9a-fA-F]{64}$")]
    private static partial Regex Sha256();
}
