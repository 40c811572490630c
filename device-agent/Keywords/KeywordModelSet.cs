using Fleet.Audio.Keywords;

namespace Fleet.DeviceAgent.Keywords;

/// <summary>The models of one moment. Whoever takes it releases it.</summary>
internal sealed class KeywordModelSet(IReadOnlyList<SharedModel> models, IReadOnlyList<string> faults)
{
    private int _users = 1;

    public IReadOnlyList<SharedModel> Shared => models;

    public IReadOnlyList<IKeywordModel> Models { get; } = [.. models.Select(static model => model.Model)];

    /// <summary>What is wrong with the folders of which no model could be loaded, or no new one.</summary>
    public IReadOnlyList<string> Faults => faults;

    public KeywordModelSet Acquire()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            foreach (var model in models)
            {
                model.Release();
            }
        }
    }
}
