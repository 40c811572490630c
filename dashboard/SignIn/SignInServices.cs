using Fleet.Dashboard.Configuration;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;

namespace Fleet.Dashboard.SignIn;

/// <summary>Cookies, keys and the rule that every route needs a sign-in unless it says otherwise.</summary>
internal static class SignInServices
{
    public static void AddSignIn(this IServiceCollection services, DashboardOptions options)
    {
        services.AddSingleton<PasswordStore>();
        services.AddSingleton<SignInLimiter>();
        services.AddSingleton<Session>();

        services.AddDataProtection()
            .SetApplicationName("Fleet.Dashboard")
            .PersistKeysToFileSystem(CreatePrivateFolder(options.KeysFolder));

        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = Session.CookieName;
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.ExpireTimeSpan = TimeSpan.FromHours(options.SessionHours);
            cookie.SlidingExpiration = true;
            cookie.LoginPath = "/sign-in";
            cookie.ReturnUrlParameter = "returnUrl";
            cookie.Events.OnValidatePrincipal = Session.ValidateAsync;
            cookie.Events.OnRedirectToLogin = Session.ChallengeAsync;
            cookie.Events.OnRedirectToAccessDenied = Session.ForbidAsync;
        });

        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());

        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "fleet.antiforgery";
            antiforgery.Cookie.HttpOnly = true;
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            antiforgery.SuppressXFrameOptionsHeader = true; // SecurityHeaders says DENY on every answer.
        });
    }

    /// <summary>
    /// A sign-in form of a restored tab has lost its antiforgery cookie and is answered by an empty 400: the person gets a fresh form instead.
    /// </summary>
    public static IApplicationBuilder UseFreshSignInForm(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        var response = context.Response;
        if (response.StatusCode == StatusCodes.Status400BadRequest && !response.HasStarted && context.Request.Path == "/sign-in")
        {
            response.ContentLength = null;
            response.ContentType = null;
            response.Redirect("/sign-in" + context.Request.QueryString);
        }
    });

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-out", async (HttpContext context, IAntiforgery antiforgery) =>
        {
            if (!await antiforgery.IsRequestValidAsync(context))
            {
                return Results.BadRequest();
            }

            await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
            return Results.Redirect("/sign-in");
        }).DisableAntiforgery();

        // A link from another site arrives without the strict cookie; the sign-in page asks from this site whether it is needed at all.
        routes.MapGet("/session", (HttpContext context) =>
            context.User.Identity?.IsAuthenticated == true ? Results.NoContent() : Results.Text("signed out")).AllowAnonymous();
    }

    private static DirectoryInfo CreatePrivateFolder(string path)
    {
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        return OperatingSystem.IsWindows() ? Directory.CreateDirectory(path) : Directory.CreateDirectory(path, OwnerOnly);
    }
}
