using Fleet.Audio;
using Fleet.Audio.Keywords;

namespace Fleet.DeviceAgent.Keywords;

/// <summary>
/// The keyword models of a process, shared by its devices. Looks every few seconds whether a model.json has become another one and loads it while the
/// devices go on with the old model, which also stays when the new one is faulty. Thread safe.
/// </summary>
internal sealed partial class KeywordModels : IDisposable
{
    private static readonly TimeSpan _lookInterval = TimeSpan.FromSeconds(5);

    private readonly KeywordOptions _options;
    private readonly Lazy<SpeechEmbedding> _embedding;
    private readonly ILogger _logger;
    private readonly Lock _looking = new();
    private readonly Lock _lock = new();
    private readonly ITimer? _timer;
    private KeywordModelSet _current;

    private KeywordModels(KeywordOptions options, TimeProvider time, ILogger logger)
    {
        (_options, _logger) = (options, logger);
        _embedding = new Lazy<SpeechEmbedding>(static () => SpeechEmbedding.Load());
        _current = Load(before: null);
        Tell(_current, []);
        _timer = time.CreateTimer(_ => Look(), null, _lookInterval, _lookInterval);
    }

    /// <summary>What devices should use; compared by reference.</summary>
    public KeywordModelSet Current => Volatile.Read(ref _current);

    public static KeywordModels Load(KeywordOptions options, TimeProvider time, ILogger logger) => new(options, time, logger);

    /// <summary>The models of now; the caller releases them.</summary>
    public KeywordModelSet Take()
    {
        lock (_lock)
        {
            return _current.Acquire();
        }
    }

    /// <summary>A second opinion for one device; null when none is wanted or possible.</summary>
    public IKeywordSecondStage? CreateSecondStage()
    {
        if (!_options.SecondStage)
        {
            return null;
        }

        try
        {
            return PocketSphinxKeyphrase.Load(Current.Models.SelectMany(static model => model.Description.SecondStagePhrase is { } phrase ? [phrase] : model.Keywords));
        }
        catch (RecogniserUnavailableException ex)
        {
            LogNoSecondStage(ex.Message);
            return null;
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_lock)
        {
            _current.Release();
        }

        if (_embedding.IsValueCreated)
        {
            _embedding.Value.Dispose();
        }
    }

    /// <summary>Loads what has changed.</summary>
    internal void Look()
    {
        if (!_looking.TryEnter())
        {
            return;
        }

        try
        {
            var before = Take();
            var now = Load(before);
            if (now.Faults.SequenceEqual(before.Faults) && now.Shared.SequenceEqual(before.Shared))
            {
                now.Release();
            }
            else
            {
                lock (_lock)
                {
                    _current.Release();
                    Volatile.Write(ref _current, now);
                }

                Tell(now, before.Faults);
            }

            before.Release();
        }
        finally
        {
            _looking.Exit();
        }
    }

    private KeywordModelSet Load(KeywordModelSet? before)
    {
        var models = new List<SharedModel>();
        var faults = new List<string>();
        foreach (var path in _options.ModelFolders)
        {
            var old = before?.Shared.FirstOrDefault(model => model.Folder == path);
            try
            {
                var folder = KeywordModelFolder.Read(path);
                models.Add(old?.Stamp == folder.Stamp
                    ? old.Acquire()
                    : new SharedModel(folder.Load(() => _embedding.Value), path, folder.Stamp));
            }
            catch (KeywordModelException ex)
            {
                faults.Add(ex.Message);
                if (old is not null)
                {
                    models.Add(old.Acquire());
                }
            }
        }

        return new KeywordModelSet(models, faults);
    }

    private void Tell(KeywordModelSet set, IReadOnlyList<string> told)
    {
        foreach (var fault in set.Faults.Except(told))
        {
            LogModelFaulty(fault);
        }

        LogModels(
            set.Models.Count == 0 ? "none" : string.Join(", ", set.Models.Select(static model => $"{string.Join('/', model.Keywords)} ({model.Description.Id})")));
    }

    [LoggerMessage(600, LogLevel.Information, "Listening for the keywords: {Keywords}")]
    private partial void LogModels(string keywords);

    [LoggerMessage(601, LogLevel.Error, "A keyword model cannot be used, the agent goes on without the change: {Reason}")]
    private partial void LogModelFaulty(string reason);

    [LoggerMessage(602, LogLevel.Warning, "Keywords are not asked about a second time: {Reason}")]
    private partial void LogNoSecondStage(string reason);
}
