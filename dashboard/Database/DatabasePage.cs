using Microsoft.AspNetCore.Components;

namespace Fleet.Dashboard.Database;

/// <summary>A page that reads the database: when it cannot, the page says so with 503 instead of failing.</summary>
public abstract partial class DatabasePage : ComponentBase
{
    /// <summary>How soon a page that could not be shown asks again by itself.</summary>
    protected const int RetrySeconds = 5;

    [CascadingParameter]
    public HttpContext HttpContext { get; set; } = null!; // Set by the renderer.

    [Inject]
    private ILoggerFactory Loggers { get; set; } = null!; // Set by the renderer.

    /// <summary>Null when everything could be read.</summary>
    protected DatabaseProblem? Problem { get; private set; }

    protected CancellationToken Aborted => HttpContext.RequestAborted;

    protected override async Task OnInitializedAsync()
    {
        try
        {
            await LoadAsync();
        }
        catch (Exception ex) when (DatabaseProblem.From(ex) is { } problem)
        {
            LogUnavailable(Loggers.CreateLogger(GetType()), HttpContext.Request.Path, ex.Message);
            Problem = problem;
            HttpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            HttpContext.Response.Headers.RetryAfter = "5";
        }
    }

    protected abstract Task LoadAsync();

    [LoggerMessage(4104, LogLevel.Warning, "{Path} could not be shown: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string path, string reason);
}
