using System.Globalization;
using System.Text;
using Fleet.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Fleet.Dashboard.History;

/// <summary><c>GET /history/export.csv|ndjson</c>: everything that the filter of the URL finds, streamed page by page.</summary>
internal static class ExportEndpoint
{
    public static void MapExport(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/history/export.csv", (HttpContext context, TranscriptHistory history, TimeProvider time) => ExportAsync(
            context, history, time, "text/csv; charset=utf-8", "csv", ExportLine.AppendCsvHeader, (line, output) => line.AppendCsv(output)))
            .WithMetadata(new SkipStatusCodePagesAttribute());
        routes.MapGet("/history/export.ndjson", (HttpContext context, TranscriptHistory history, TimeProvider time) => ExportAsync(
            context, history, time, "application/x-ndjson", "ndjson", _ => { }, (line, output) => line.AppendJson(output)))
            .WithMetadata(new SkipStatusCodePagesAttribute());
    }

    private static async Task ExportAsync(
        HttpContext context,
        TranscriptHistory history,
        TimeProvider time,
        string contentType,
        string extension,
        Action<StringBuilder> begin,
        Action<ExportLine, StringBuilder> append)
    {
        var query = HistoryFilter.Parse(context.Request.Query).ToQuery() with { PageToken = null, PageSize = HistoryQuery.MaxPageSize };
        var output = new StringBuilder();
        begin(output);
        try
        {
            do
            {
                var page = await history.SearchAsync(query, context.RequestAborted);
                foreach (var item in page.Items)
                {
                    append(ExportLine.From(item.Utterance), output);
                }

                if (!context.Response.HasStarted)
                {
                    var day = time.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                    context.Response.ContentType = contentType;
                    context.Response.Headers.ContentDisposition = $"attachment; filename=\"fleet-history-{day}.{extension}\"";
                }

                await context.Response.WriteAsync(output.ToString(), context.RequestAborted);
                output.Clear();
                query = query with { PageToken = page.NextPageToken };
            }
            while (query.PageToken is not null);
        }
        catch (StorageUnavailableException)
        {
            if (context.Response.HasStarted)
            {
                context.Abort(); // A broken download is seen; a file that ends early and looks whole is not.
                return;
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
    }
}
