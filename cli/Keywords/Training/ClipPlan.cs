using System.Globalization;
using Fleet.Cli.Keywords.Sounds;

namespace Fleet.Cli.Keywords.Training;

/// <summary>Decides what becomes of which file: how many scenes, and which files are kept out of training to calibrate by.</summary>
internal sealed class ClipPlan
{
    /// <summary>A stretch of a recording.</summary>
    public const int StretchSamples = 30 * Wave16.RateHz;

    // What is longer is a recording.
    private const double LongestClipSeconds = 8;

    private readonly TrainOptions _options;
    private readonly Action<string> _onBroken;

    private ClipPlan(TrainOptions options, Action<string> onBroken) => (_options, _onBroken) = (options, onBroken);

    public List<ClipWork> Work { get; } = [];

    /// <summary>The long recordings that may be heard behind keywords.</summary>
    public List<string> Recordings { get; } = [];

    public static ClipPlan Create(TrainOptions options, Action<string> onBroken)
    {
        var plan = new ClipPlan(options, onBroken);
        foreach (var folder in options.Positives)
        {
            plan.AddPositives(folder);
        }

        foreach (var file in options.Negatives.SelectMany(SoundFolder.Files).Distinct())
        {
            plan.AddNegative(file);
        }

        if (plan.Work.All(work => work.Kind == ClipKind.Keyword))
        {
            throw new IOException("There is nothing but the keyword to learn from: give other talk with --negatives (keyword synthesize makes some).");
        }

        return plan;
    }

    private void AddPositives(string folder)
    {
        var table = Tables.BoundsNear(folder);
        foreach (var file in SoundFolder.Files(folder))
        {
            for (var pass = 0; pass < _options.Passes; pass++)
            {
                Work.Add(new ClipWork
                {
                    File = file,
                    Kind = ClipKind.Keyword,
                    Pass = pass,
                    IsValidation = IsValidation(file),
                    Bounds = table.GetValueOrDefault(file),
                    Seed = Seed(file, pass),
                });
            }
        }
    }

    private void AddNegative(string file)
    {
        double seconds;
        try
        {
            seconds = Wave16.DurationOf(file).TotalSeconds;
        }
        catch (Exception ex) when (ex is Fleet.Audio.WavFormatException or IOException or UnauthorizedAccessException)
        {
            _onBroken($"{file} is left out: {ex.Message}");
            return;
        }

        var isNoise = Path.GetFileName(Path.GetDirectoryName(file)) == "noise";
        if (seconds <= LongestClipSeconds && !isNoise)
        {
            for (var pass = 0; pass < Math.Max(1, _options.Passes / 2); pass++)
            {
                Work.Add(new ClipWork { File = file, Kind = ClipKind.Other, Pass = pass, IsValidation = IsValidation(file), Seed = Seed(file, pass) });
            }

            return;
        }

        if (!IsValidation(file))
        {
            Recordings.Add(file);
        }

        // What calibrates is heard as it is: changed copies would count the same talk twice.
        var passes = IsValidation(file) ? 1 : 2;
        var stretches = (int)Math.Ceiling(seconds * Wave16.RateHz / StretchSamples);
        for (var pass = 0; pass < passes; pass++)
        {
            for (var i = 0; i < stretches; i++)
            {
                Work.Add(new ClipWork
                {
                    File = file,
                    Kind = isNoise ? ClipKind.Noise : ClipKind.Recording,
                    Pass = pass,
                    Offset = i * StretchSamples,
                    IsValidation = IsValidation(file),
                    Seed = Seed(file, (pass * 10_000) + i),
                });
            }
        }
    }

    // The same recordings in another place make the same model.
    private static string NameOf(string file) => $"{Path.GetFileName(Path.GetDirectoryName(file))}/{Path.GetFileName(file)}";

    private bool IsValidation(string file) => StableHash.Of(NameOf(file)) % 100 < (uint)_options.ValidationPercent;

    private int Seed(string file, int number) =>
        (int)(StableHash.Of(string.Create(CultureInfo.InvariantCulture, $"{_options.Seed} {NameOf(file)} {number}")) & int.MaxValue);
}
