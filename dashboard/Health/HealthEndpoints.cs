using Fleet.Dashboard.Database;

namespace Fleet.Dashboard.Health;

/// <summary>Alive: the process answers. Ready: the database can be read as well.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/healthz").AllowAnonymous().DisableStatusCodePages();
        health.MapGet("/live", () => Results.Text("live\n"));
        health.MapGet("/ready", (DatabaseProbe database) => database.State == DatabaseState.Ready
            ? Results.Text("ready\n")
            : Results.Text($"database: {database.State}\n", statusCode: StatusCodes.Status503ServiceUnavailable));
    }

    private static RouteGroupBuilder DisableStatusCodePages(this RouteGroupBuilder group) =>
        group.WithMetadata(new Microsoft.AspNetCore.Mvc.SkipStatusCodePagesAttribute());
}
