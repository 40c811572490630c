using Fleet.Audio.Keywords;

namespace Fleet.DeviceAgent.Keywords;

/// <summary>A loaded model, freed when the last device has let go of it. Thread safe.</summary>
internal sealed class SharedModel(IKeywordModel model, string folder, string stamp)
{
    private int _users = 1;

    public IKeywordModel Model => model;

    public string Folder => folder;

    public string Stamp => stamp;

    public SharedModel Acquire()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            model.Dispose();
        }
    }
}
