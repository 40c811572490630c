using Fleet.Dashboard.SignIn;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;

namespace Fleet.Dashboard.Theme;

/// <summary>Light, dark or as the system says: kept in a cookie, so that the first byte of a page has it and no inline script is needed.</summary>
internal static class ThemeEndpoints
{
    public const string CookieName = "fleet.theme";
    private static readonly TimeSpan _cookieAge = TimeSpan.FromDays(400);

    public static string Of(HttpContext? context) => Normalise(context?.Request.Cookies[CookieName]);

    public static string Normalise(string? theme) => theme is "light" or "dark" ? theme : "system";

    public static void MapTheme(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/theme", async (HttpContext context, IAntiforgery antiforgery, [FromForm] string? theme, [FromForm] string? returnUrl) =>
        {
            if (!await antiforgery.IsRequestValidAsync(context))
            {
                return Results.BadRequest();
            }

            context.Response.Cookies.Append(CookieName, Normalise(theme), new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Secure = context.Request.IsHttps,
                MaxAge = _cookieAge,
                IsEssential = true,
            });
            return context.Request.Headers.ContainsKey("HX-Request")
                ? Results.NoContent()
                : Results.Redirect(Session.LocalPath(returnUrl));
        }).AllowAnonymous().DisableAntiforgery();
    }
}
