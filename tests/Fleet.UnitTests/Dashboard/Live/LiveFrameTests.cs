using System.Text;
using Fleet.Dashboard.Live;
using Fleet.Storage;

namespace Fleet.UnitTests.Dashboard.Live;

public sealed class LiveFrameTests
{
    [Fact]
    public void Change_WithLineBreaks_StaysOneEvent()
    {
        var frame = LiveFrame.Change(FeedPosition.Start, "<li>one\r\ntwo\n\nevent: forged</li>");

        Encoding.UTF8.GetString(frame.Bytes.Span).ShouldBe("id: 0\ndata: <li>one\ndata: two\ndata: \ndata: event: forged</li>\n\n");
    }

    [Fact]
    public async Task TryPublish_ToAViewerThatDoesNotRead_EndsItAfterItsQueue()
    {
        var sut = new LiveViewer(queueLength: 2);

        sut.TryPublish(LiveFrame.Heartbeat).ShouldBeTrue();
        sut.TryPublish(LiveFrame.Heartbeat).ShouldBeTrue();
        sut.TryPublish(LiveFrame.Heartbeat).ShouldBeFalse();

        var read = 0;
        await foreach (var _ in sut.Frames.ReadAllAsync())
        {
            read++;
        }

        read.ShouldBe(2);
    }
}
