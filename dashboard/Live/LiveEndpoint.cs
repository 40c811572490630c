using Fleet.Dashboard.SignIn;
using Fleet.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Fleet.Dashboard.Live;

/// <summary><c>GET /live/stream</c>: changes as server-sent events, from the position that the page or its last event names.</summary>
internal static class LiveEndpoint
{
    private const int CatchUpPage = 200;

    public static void MapLive(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/live/stream", StreamAsync).WithMetadata(new SkipStatusCodePagesAttribute());

    private static async Task StreamAsync(
        HttpContext context,
        LiveFeed feed,
        LiveRenderer renderer,
        ChangeFeed changes,
        Session session,
        IOptions<LiveOptions> options,
        IHostApplicationLifetime lifetime)
    {
        // The header is the browser's, after a break; the query is the page's, at its first connection.
        string? token = context.Request.Headers["Last-Event-ID"];
        if (!FeedPosition.TryParse(string.IsNullOrEmpty(token) ? context.Request.Query["after"] : token, out var after))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (feed.Subscribe() is not { } subscription)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            var missed = await MissedAsync(after, subscription, changes, renderer, options.Value.MaxCatchUp, ending.Token);
            await WriteAsync(context, feed, session, subscription.Viewer, after, missed, ending.Token);
        }
        catch (StorageUnavailableException) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The viewer left or the program stops: the ordinary ends of a stream.
        }
        finally
        {
            feed.Unsubscribe(subscription.Viewer);
        }
    }

    /// <summary>What came after a position and before the viewer's queue; null: too much.</summary>
    private static async Task<List<LiveFrame>?> MissedAsync(
        FeedPosition after, LiveSubscription subscription, ChangeFeed changes, LiveRenderer renderer, int max, CancellationToken cancellationToken)
    {
        if (subscription.ReplayStart is { } start && start <= after)
        {
            return [.. subscription.Replay.Where(frame => frame.Position > after)];
        }

        List<LiveFrame> missed = [];
        while (true)
        {
            var page = await changes.ReadAsync(after, CatchUpPage, cancellationToken);
            if (missed.Count + page.Count > max)
            {
                return null;
            }

            foreach (var change in page)
            {
                missed.Add(await renderer.RenderAsync(change));
                after = change.Position;
            }

            if (page.Count < CatchUpPage)
            {
                return missed;
            }
        }
    }

    private static async Task WriteAsync(
        HttpContext context, LiveFeed feed, Session session, LiveViewer viewer, FeedPosition sent, List<LiveFrame>? missed,
        CancellationToken cancellationToken)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var body = context.Response.Body;

        await body.WriteAsync(feed.StateFrame.Bytes, cancellationToken);
        foreach (var frame in missed ?? [LiveFrame.Reset])
        {
            await body.WriteAsync(frame.Bytes, cancellationToken);
            sent = frame.Position ?? sent;
        }

        await body.FlushAsync(cancellationToken);
        while (missed is not null && await viewer.Frames.WaitToReadAsync(cancellationToken))
        {
            while (viewer.Frames.TryRead(out var frame))
            {
                if (frame.Position is { } position && position <= sent)
                {
                    continue; // It was among the missed ones.
                }

                await body.WriteAsync(frame.Bytes, cancellationToken);
            }

            await body.FlushAsync(cancellationToken);
            if (!session.IsInForce(context.User))
            {
                return; // A new password ends old sign-ins, also those that only watch.
            }
        }
    }
}
