namespace Fleet.Audio.Keywords;

/// <summary>An Edge Impulse runner for Linux as it is: a program with the model in it, asked over a socket. Each stream has a run of its own.</summary>
internal sealed class EimKeywordModel : IKeywordModel
{
    private const int SamplesPerMs = SpeechEmbedding.SampleRateHz / 1_000;
    private const int DefaultSlices = 4;

    private readonly string _path;
    private EimRunner? _first;

    private EimKeywordModel(KeywordModelDescription description, string path, EimRunner first)
    {
        (Description, _path, _first, Hello) = (description, path, first, first.Hello);
        IsContinuous = Parameters.Continuous ?? Hello.IsContinuous;
        if (IsContinuous && Hello.SliceSize == 0)
        {
            throw new KeywordModelException($"The runner '{path}' has no slices: leave 'eim.continuous' out, or set it to false.");
        }

        if (description.Labels.Count > 0 && !description.Labels.SequenceEqual(Hello.Labels))
        {
            throw new KeywordModelException($"The runner '{path}' has the labels {string.Join(", ", Hello.Labels)}: mend 'labels', or leave them out.");
        }

        // That of the runner where it has slices: its averages are counted in them.
        StrideSamples = IsContinuous ? Hello.SliceSize
            : description.StrideMs is { } stride ? stride * SamplesPerMs
            : Hello.SliceSize > 0 ? Hello.SliceSize : Math.Max(SamplesPerMs, Hello.FeatureCount / DefaultSlices);
        KeywordDecider.KeywordsOf(description, Hello.Labels);
    }

    public KeywordModelDescription Description { get; }

    public IReadOnlyList<string> Keywords => Description.KeywordLabels;

    public EimHello Hello { get; }

    public EimParameters Parameters => Description.Eim ?? new EimParameters();

    /// <summary>The runner is given slices and keeps the window itself.</summary>
    public bool IsContinuous { get; }

    /// <summary>From look to look.</summary>
    public int StrideSamples { get; }

    /// <exception cref="KeywordModelException">It cannot be run, or is no model for these keywords.</exception>
    public static EimKeywordModel Load(KeywordModelFolder folder)
    {
        var file = folder.Description.Files[0];
        folder.CheckFile(file);
        var path = Path.GetFullPath(folder.PathOf(file));
        var runner = EimRunner.Start(path, folder.Description.Eim ?? new EimParameters());
        try
        {
            return new EimKeywordModel(folder.Description, path, runner);
        }
        catch
        {
            runner.Dispose();
            throw;
        }
    }

    public IKeywordStream CreateStream(KeywordStreamOptions options, IKeywordListener listener)
    {
        // Until it has been given a whole window, what a runner says of slices means nothing.
        var warmUp = Description.WarmUp ?? (IsContinuous ? (Hello.FeatureCount / StrideSamples) - 1 : 0);
        return new EimKeywordStream(
            this, new KeywordDecider(Description, Hello.Labels, Math.Max(1, StrideSamples / SamplesPerMs), warmUp, options, listener), listener);
    }

    /// <summary>The run that was started to be looked at; null = somebody has it.</summary>
    public EimRunner? TakeFirst() => Interlocked.Exchange(ref _first, null);

    /// <summary>Another run of the runner.</summary>
    /// <exception cref="KeywordModelException">It cannot be run.</exception>
    public EimRunner StartRunner() => EimRunner.Start(_path, Parameters);

    public void Dispose() => Interlocked.Exchange(ref _first, null)?.Dispose();
}
