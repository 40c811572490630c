using Fleet.Storage;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace Fleet.Dashboard.Live;

/// <summary>The last utterances, then each change of one as it happens.</summary>
public sealed partial class LivePage
{
    private const int FirstRows = 50;
    private const int MaxRows = 200;
    private const string SseConfig = """{"sse":{"reconnectDelay":500,"reconnectMaxDelay":4000}}""";

    private string _position = "";
    private List<UtteranceRecord> _latest = [];

    [Inject]
    internal TranscriptHistory History { get; set; } = null!; // Set by the renderer.

    [Inject]
    internal ChangeFeed Changes { get; set; } = null!; // Set by the renderer.

    [Inject]
    internal LiveFeed Feed { get; set; } = null!; // Set by the renderer.

    [Inject]
    internal IOptions<LiveOptions> Options { get; set; } = null!; // Set by the renderer.

    protected override async Task LoadAsync()
    {
        // The position first: what changes between the two reads is then sent again rather than missed.
        var position = Feed.Position ?? await Changes.CurrentAsync(Aborted);
        var page = await History.SearchAsync(new HistoryQuery { PageSize = FirstRows }, Aborted);
        _position = position.ToToken();
        _latest = [.. page.Items.Select(item => item.Utterance)];
    }
}
