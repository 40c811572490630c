using System.Text.Encodings.Web;
using Fleet.Dashboard.Components.Parts;
using Fleet.Storage;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Fleet.Dashboard.Live;

/// <summary>Makes the event of a change: the same markup as the page's own rows, rendered once for everybody.</summary>
internal sealed class LiveRenderer(IServiceProvider services, ILoggerFactory loggers)
{
    public async Task<LiveFrame> RenderAsync(UtteranceChange change)
    {
        if (change.Utterance is not { } utterance)
        {
            return LiveFrame.Change(change.Position, $"<li id=\"{HtmlEncoder.Default.Encode(UtteranceLinks.ElementId(change.Key))}\" data-erased></li>");
        }

        // A renderer keeps each root component it ever rendered; one a change lets it go.
        await using var renderer = new HtmlRenderer(services, loggers);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
            {
                [nameof(UtteranceRow.Utterance)] = utterance,
                [nameof(UtteranceRow.IsNew)] = true,
            });
            return (await renderer.RenderComponentAsync<UtteranceRow>(parameters)).ToHtmlString();
        });
        return LiveFrame.Change(change.Position, html);
    }
}
