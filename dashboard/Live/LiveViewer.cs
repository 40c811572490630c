using System.Threading.Channels;

namespace Fleet.Dashboard.Live;

/// <summary>One open live page: a bounded queue of events. Too slow: it is ended, and the page comes back with the id of its last event.</summary>
internal sealed class LiveViewer
{
    private readonly Channel<LiveFrame> _frames;

    public LiveViewer(int queueLength)
    {
        // Wait, not Drop: a full queue must be seen by TryWrite, since a dropped event would be missed for good.
        _frames = Channel.CreateBounded<LiveFrame>(new BoundedChannelOptions(queueLength)
        {
            FullMode = BoundedChannelFullMode.Wait,
            SingleReader = true,
            SingleWriter = false,
        });
    }

    public ChannelReader<LiveFrame> Frames => _frames.Reader;

    /// <summary>False: the viewer did not keep up and has been ended.</summary>
    public bool TryPublish(LiveFrame frame)
    {
        if (_frames.Writer.TryWrite(frame))
        {
            return true;
        }

        _frames.Writer.TryComplete();
        return false;
    }
}
