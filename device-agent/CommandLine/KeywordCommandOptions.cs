using System.CommandLine;
using System.CommandLine.Parsing;
using Fleet.Audio.Keywords;
using Fleet.DeviceAgent.Keywords;

namespace Fleet.DeviceAgent.CommandLine;

/// <summary>The options for keywords: <c>--keyword…</c>.</summary>
internal sealed class KeywordCommandOptions
{
    private const string DefaultKeyword = ShippedKeywordModels.Default;
    private const string NoKeyword = "none";

    private readonly Option<string[]> _keyword = new("--keyword")
    {
        Description = "Record only what is said after this keyword, spotted on the device by the model of this name that comes with the agent; may be given " +
            $"several times. Without a word: {DefaultKeyword}. With a microphone and no --trigger that is the default, where the model is; {NoKeyword} = " +
            "whatever is said.",
        HelpName = "WORD",
        Arity = ArgumentArity.ZeroOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string[]> _models = new("--keyword-model")
    {
        Description = "As --keyword, with the model in this folder (model.json and its files, docs/keywords.md); may be given several times. A model that " +
            "is exchanged there is taken over while the agent runs.",
        HelpName = "FOLDER",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<double?> _threshold = new("--keyword-threshold")
    {
        Description = "Score from which a keyword counts as spoken, 0.01 to 1. Higher: fewer false alarms, more keywords missed. [default: as the model says]",
        HelpName = "P",
    };

    private readonly Option<string> _audio = new Option<string>("--keyword-audio")
    {
        Description = "Where an utterance begins: after the keyword, or with it.",
        HelpName = "after|with",
        DefaultValueFactory = _ => "after",
    }.AcceptOnlyFromAmong("after", "with");

    private readonly Option<double> _wait = OptionParsing.Ranged<double>(
        "--keyword-wait-ms", "MS", 4000, 500, 30_000, "How long one may think after the keyword; then the utterance ends and nothing was said.");

    private readonly Option<string> _second = new Option<string>("--keyword-second-stage")
    {
        Description = "Whether PocketSphinx, where it is installed, must agree within 1.3 s: far fewer false alarms, some keywords missed (docs/keywords.md).",
        HelpName = "on|off",
        DefaultValueFactory = _ => "off",
    }.AcceptOnlyFromAmong("on", "off");

    private readonly Option<int> _steps = OptionParsing.Ranged(
        "--keyword-steps", "N", 2, 1, 8, "Steps of 80 ms that embedding models look at together: more is less work, and later.");

    private readonly Option<string> _fallback = new Option<string>("--keyword-fallback")
    {
        Description = "When no keyword model can be used at the start: none = nothing is recorded; vad = whatever is said.",
        HelpName = "none|vad",
        DefaultValueFactory = _ => "none",
    }.AcceptOnlyFromAmong("none", "vad");

    private readonly Option<int> _nearMisses = OptionParsing.Ranged(
        "--keyword-near-misses", "N", 0, 0, 1000,
        "Keep the last seconds of so many near misses in the state folder, to see why a keyword was not heard. They stay on the device.");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _keyword, _models, _threshold, _audio, _wait, _second, _steps, _fallback, _nearMisses })
        {
            command.Add(option);
        }

        _threshold.Validators.Add(result => OptionParsing.CheckRange(result, "--keyword-threshold", result.GetValueOrDefault<double?>() ?? 1, 0.01, 1));
    }

    /// <summary>--trigger and keywords must not contradict each other, and models must be there.</summary>
    public void Check(CommandResult result, Option trigger)
    {
        var words = Words(result);
        if ((words.Count > 0 || IsGiven(result, _models)) && IsGiven(result, trigger))
        {
            result.AddError("--trigger and --keyword exclude each other: a keyword is what makes an utterance. Leave one of them out.");
        }

        foreach (var word in words.Where(word => !Directory.Exists(FolderOf(word))))
        {
            result.AddError(
                $"--keyword '{word}': no model of this name comes with the agent. Known: {Known()}. For a model of your own give --keyword-model FOLDER.");
        }

        foreach (var folder in result.GetValue(_models) ?? [])
        {
            if (!File.Exists(Path.Combine(folder, KeywordModelDescription.FileName)))
            {
                result.AddError($"--keyword-model '{folder}' holds no {KeywordModelDescription.FileName}. docs/keywords.md shows how to write one.");
            }
        }
    }

    /// <summary>Null when no keyword is listened for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="byDefault">A keyword is the default: sound comes from a microphone, and nothing else is asked for.</param>
    public KeywordOptions? Read(ParseResult parsed, bool byDefault)
    {
        var words = Words(parsed.CommandResult);
        string[] folders = [.. words.Select(FolderOf), .. parsed.GetValue(_models) ?? []];
        if (folders.Length == 0 && byDefault && !IsGiven(parsed.CommandResult, _keyword) && Directory.Exists(FolderOf(DefaultKeyword)))
        {
            folders = [FolderOf(DefaultKeyword)];
        }

        return folders.Length == 0
            ? null
            : new KeywordOptions
            {
                ModelFolders = [.. folders.Distinct(StringComparer.Ordinal)],
                Threshold = parsed.GetValue(_threshold),
                IncludeKeyword = parsed.GetValue(_audio) == "with",
                Wait = TimeSpan.FromMilliseconds(parsed.GetValue(_wait)),
                SecondStage = parsed.GetValue(_second) == "on",
                StepsPerCall = parsed.GetValue(_steps),
                FallBackToSpeech = parsed.GetValue(_fallback) == "vad",
                NearMisses = parsed.GetValue(_nearMisses),
            };
    }

    private static string FolderOf(string word) => Path.Combine(AppContext.BaseDirectory, "models", Path.GetFileName(word));

    private static string Known() => ShippedKeywordModels.Names is { Count: > 0 } names ? string.Join(", ", names) : "none";

    private List<string> Words(CommandResult result) =>
        !IsGiven(result, _keyword) ? []
        : result.GetValue(_keyword) is { Length: > 0 } words ? [.. words.Where(static word => word != NoKeyword)]
        : [DefaultKeyword];

    private static bool IsGiven(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };
}
