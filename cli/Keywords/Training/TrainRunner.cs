using System.Globalization;
using Fleet.Audio.Keywords;
using Fleet.Cli.Keywords.Augmentation;
using Fleet.Cli.Keywords.Networks;

namespace Fleet.Cli.Keywords.Training;

/// <summary>From folders of clips to a model: scenes, features, heads, calibration, files.</summary>
internal sealed class TrainRunner(TrainOptions options, IWindowFeatures features, TextWriter output, TimeProvider time)
{
    // What is shown of broken files; a folder of a thousand of them is one mistake.
    private const int MaxBrokenShown = 10;

    private readonly ProgressLine _progress = new(output, time);
    private int _broken;

    /// <exception cref="IOException">Clips are missing; the message says which.</exception>
    public void Run(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var plan = ClipPlan.Create(options, OnBroken);
        Directory.CreateDirectory(options.Out);
        var backgrounds = Backgrounds.Load(plan.Recordings, options.Seed, OnBroken);
        var scenes = new SceneMaker(new AugmentationOptions(), backgrounds);
        var backgroundsName = StableHash.Name(plan.Recordings);
        var clips = new FeatureCache(features, scenes, options, _progress).Load(plan, backgroundsName, OnBroken, cancellationToken);
        if (_broken > MaxBrokenShown)
        {
            output.WriteLine($"!! {_broken} files were left out.");
        }

        var windows = new WindowSet(clips, features.StepSize, features.WindowSteps);
        if (windows.Positives.Count == 0 || windows.Negatives.Count == 0)
        {
            throw new IOException("There is too little to learn from: no whole clip of the keyword, or none of other talk, is left.");
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Learning from {windows.Positives.Count} windows with the keyword and {windows.Negatives.Sum(group => group.Count)} without."));
        var ensemble = new Ensemble(TrainHeads(windows, plan, cancellationToken));
        var validation = ValidationScores.Create(clips, ensemble, features, options.Threads);
        var calibration = Calibration.Fit(validation.Tracks, validation.Hours, options.FalseAcceptsPerHour, validation.RefractorySteps);
        Write(ensemble, calibration, windows, validation);
        new TrainReport(options, features, plan, validation, calibration, ensemble).Write(
            output.WriteLine, time.GetElapsedTime(started), DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
    }

    private List<Network> TrainHeads(WindowSet windows, ClipPlan plan, CancellationToken cancellationToken)
    {
        var perFrame = features is MfccFeatures mfcc ? mfcc.Coefficients : features.StepSize;
        var (mean, scale) = windows.Statistics(perFrame);
        var key = StableHash.Name(plan.Work.Select(work => work.Key(new FileInfo(work.File)))
            .Prepend(string.Create(CultureInfo.InvariantCulture, $"{features.Name} {options.Rounds} {options.Steps} {options.Seed}")));
        var checkpoint = new Checkpoint(Path.Combine(options.Out, "training"), key);
        var trainer = new HeadTrainer(windows, options, _progress);
        var heads = new List<Network>();
        for (var number = 0; number < options.Heads; number++)
        {
            var head = features is MfccFeatures frames
                ? HeadFactory.Mfcc(mean, scale, frames.Frames, windows.HasNoise ? 3 : 2)
                : HeadFactory.Embedding(number, mean, scale, features.WindowSteps);
            head.Initialise(new Random(unchecked(options.Seed + (number * 7_001))));
            var round = checkpoint.Load(head, number);
            var current = number;
            trainer.Train(head, number, round, next => checkpoint.Save(head, current, next), cancellationToken);
            heads.Add(head);
        }

        return heads;
    }

    private void Write(Ensemble ensemble, Calibration calibration, WindowSet windows, ValidationScores validation)
    {
        const int RefractoryMs = 1_500;
        var isMfcc = features is MfccFeatures;
        var name = StableHash.Name(ensemble.Heads.SelectMany(head => head.Layers).Select(layer => string.Join(' ', layer.Parameters.Take(64))))[..8];
        var description = new KeywordModelDescription
        {
            Kind = isMfcc ? KeywordModelDescription.MfccKind : KeywordModelDescription.EmbeddingKind,
            Id = $"{string.Concat(options.Word.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'))}-{name}",
            Labels = isMfcc ? windows.HasNoise ? [options.Word, "unknown", "noise"] : [options.Word, "unknown"] : [options.Word],
            Keywords = [options.Word],
            WindowMs = isMfcc ? 1_000 : features.WindowSteps * 80,
            StrideMs = isMfcc ? 250 : 80,
            Threshold = Calibration.WorkingScore,
            RefractoryMs = RefractoryMs,
            DelayMs = validation.DelayMs(calibration.Threshold),
            Calibration = isMfcc ? new ScoreCalibration(calibration.Scale, calibration.Offset) : null,
            Mfcc = isMfcc ? new MfccParameters() : null,
            Files = [new KeywordModelFile("keyword.onnx", "")],
            Licence = options.Licence,
            Origin = string.Create(
                CultureInfo.InvariantCulture,
                $"fleet-cli keyword train, {time.GetUtcNow():yyyy-MM-dd}, seed {options.Seed}: {validation.TrainedKeywords} scenes of the keyword; report.md says how it does."),
        };
        var network = isMfcc
            ? ModelWriter.Mfcc(ensemble.Heads[0])
            : ModelWriter.Embedding(ensemble.Heads, calibration, features.WindowSteps, features.StepSize);
        ModelWriter.Write(options.Out, network, description);
    }

    private void OnBroken(string text)
    {
        if (Interlocked.Increment(ref _broken) <= MaxBrokenShown)
        {
            output.WriteLine($"!! {text}");
        }
    }
}
