using System.Globalization;
using System.Runtime.InteropServices;
using Fleet.Cli.Keywords.Augmentation;
using Fleet.Cli.Keywords.Sounds;

namespace Fleet.Cli.Keywords.Training;

/// <summary>
/// Makes scenes and their features, and keeps them in files of a few dozen: an interrupted training goes on where it was, and another keyword's
/// training finds the recordings' features made.
/// </summary>
internal sealed class FeatureCache(IWindowFeatures features, SceneMaker scenes, TrainOptions options, ProgressLine progress)
{
    private const int Version = 1;
    private const int GroupSize = 64;

    // A scene of a keyword must leave its word whole.
    private const int MinSpeechSamples = Wave16.RateHz / 10;

    /// <param name="plan">What to make.</param>
    /// <param name="backgroundsName">Names what may be heard behind the clips.</param>
    /// <param name="onBroken">Gets what is left out.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public List<FeatureClip> Load(ClipPlan plan, string backgroundsName, Action<string> onBroken, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.Cache);
        var work = plan.Work;

        // Stretches of one recording together: it is read once.
        var groups = work.GroupBy(one => one.Kind).SelectMany(kind => kind.Chunk(GroupSize)).Select(group => (Works: group, File: FileOf(group, backgroundsName))).ToList();
        progress.Begin("features", work.Count, groups.Where(group => File.Exists(group.File)).Sum(group => group.Works.Length));
        var results = new List<FeatureClip>[groups.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken };
        Parallel.For(0, groups.Count, parallel, i =>
        {
            var (works, file) = groups[i];
            if (File.Exists(file))
            {
                results[i] = Read(file);
                return;
            }

            results[i] = Make(works, onBroken, cancellationToken);
            Write(file, results[i]);
            progress.Add(works.Length);
        });
        progress.End();
        return [.. results.SelectMany(group => group)];
    }

    private string FileOf(ClipWork[] works, string backgroundsName)
    {
        var keys = works.Select(work => work.Key(new FileInfo(work.File)))
            .Prepend(string.Create(CultureInfo.InvariantCulture, $"{Version} {features.Name} {backgroundsName}"));
        return Path.Combine(options.Cache, $"{works[0].Kind.ToString().ToLowerInvariant()}-{StableHash.Name(keys)}.features");
    }

    private List<FeatureClip> Make(ClipWork[] works, Action<string> onBroken, CancellationToken cancellationToken)
    {
        var clips = new List<FeatureClip>();
        var (openFile, openSamples) = ("", (short[]?)null);
        foreach (var work in works)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (work.File != openFile)
            {
                (openFile, openSamples) = (work.File, SoundFolder.TryRead(work.File, onBroken));
            }

            if (openSamples is { } samples && Make(work, samples, onBroken) is { } clip)
            {
                clips.Add(clip);
            }
        }

        return clips;
    }

    private FeatureClip? Make(ClipWork work, short[] samples, Action<string> onBroken)
    {
        var random = new Random(work.Seed);
        if (work.Kind is ClipKind.Recording or ClipKind.Noise)
        {
            var stretch = samples.AsSpan(work.Offset, Math.Max(0, Math.Min(ClipPlan.StretchSamples, samples.Length - work.Offset)));
            return Clip(work, scenes.FromRecording(stretch, work.Pass == 0, random));
        }

        if ((work.Bounds ?? SpeechBounds.Find(samples)) is not { } bounds || bounds.Length < MinSpeechSamples || bounds.End > samples.Length)
        {
            onBroken($"{work.File} is left out: there is no speech in it.");
            return null;
        }

        var scene = scenes.FromClip(samples, bounds, random);
        var clip = Clip(work, scene.Samples);
        if (work.Kind != ClipKind.Keyword)
        {
            return clip;
        }

        var (first, last) = features.PositiveSteps(scene);
        return clip with { FirstPositive = Math.Max(first, features.WindowSteps - 1), LastPositive = Math.Min(last, clip.Steps - 1) };
    }

    private FeatureClip Clip(ClipWork work, short[] samples)
    {
        var values = features.Extract(samples);
        return new FeatureClip { Values = values, Steps = values.Length / features.StepSize, Kind = work.Kind, IsValidation = work.IsValidation };
    }

    private List<FeatureClip> Read(string file)
    {
        using var reader = new BinaryReader(File.OpenRead(file));
        var clips = new List<FeatureClip>();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var (steps, kind, isValidation, first, last) =
                (reader.ReadInt32(), (ClipKind)reader.ReadByte(), reader.ReadBoolean(), reader.ReadInt32(), reader.ReadInt32());
            var values = new float[steps * features.StepSize];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            clips.Add(new FeatureClip { Values = values, Steps = steps, Kind = kind, IsValidation = isValidation, FirstPositive = first, LastPositive = last });
        }

        return clips;
    }

    // Under another name until it is whole.
    private static void Write(string file, List<FeatureClip> clips)
    {
        var part = file + ".part";
        using (var writer = new BinaryWriter(File.Create(part)))
        {
            writer.Write(clips.Count);
            foreach (var clip in clips)
            {
                writer.Write(clip.Steps);
                writer.Write((byte)clip.Kind);
                writer.Write(clip.IsValidation);
                writer.Write(clip.FirstPositive);
                writer.Write(clip.LastPositive);
                writer.Write(MemoryMarshal.AsBytes(clip.Values.AsSpan()));
            }
        }

        File.Move(part, file, overwrite: true);
    }
}
