using System.Security.Claims;
using Fleet.Contracts.SignIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.WebUtilities;

namespace Fleet.Dashboard.SignIn;

/// <summary>What a sign-in says and until when it holds: it ends when another password is set.</summary>
internal sealed class Session(PasswordStore passwords)
{
    public const string UserName = "admin";
    public const string CookieName = "fleet.session";
    public const string EndedParameter = "ended";
    private const string FingerprintClaim = "fleet:password";

    public static ClaimsPrincipal Create(PasswordHash password) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, UserName), new Claim(FingerprintClaim, password.Fingerprint)],
        CookieAuthenticationDefaults.AuthenticationScheme));

    public bool IsInForce(ClaimsPrincipal user) =>
        passwords.Current is { } password && user.FindFirstValue(FingerprintClaim) == password.Fingerprint;

    /// <summary>A path on this site to go to after the sign-in; anything else becomes the start page.</summary>
    public static string LocalPath(string? returnUrl) =>
        returnUrl is ['/', not ('/' or '\\'), ..] && !returnUrl.Any(char.IsControl) ? returnUrl : "/";

    public static Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var session = context.HttpContext.RequestServices.GetRequiredService<Session>();
        if (context.Principal is null || !session.IsInForce(context.Principal))
        {
            // The cookie stays: by it the sign-in form knows that a sign-in has ended, and it opens nothing.
            context.RejectPrincipal();
        }

        return Task.CompletedTask;
    }

    /// <summary>A page goes to the sign-in; a script's request, an event stream or a sound gets 401, since it could not show the form.</summary>
    public static Task ChallengeAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        var request = context.Request;

        // Who comes with a sign-in that does not hold any more is told so: the form would look like a mistake.
        var signIn = request.Cookies.ContainsKey(CookieName)
            ? QueryHelpers.AddQueryString(PathOf(context.RedirectUri), EndedParameter, "1")
            : PathOf(context.RedirectUri);
        if (request.Headers.ContainsKey("HX-Request"))
        {
            context.Response.Headers["HX-Redirect"] = signIn;
        }
        else if (HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
        {
            context.Response.Redirect(signIn);
            return Task.CompletedTask;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    /// <summary>The house's own page for 403 follows, not a redirect to one that does not exist.</summary>
    public static Task ForbidAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    // Without the host: it is the one that the request claims to be for, and a stranger may have chosen it.
    private static string PathOf(string redirectUri) => Uri.TryCreate(redirectUri, UriKind.Absolute, out var uri) ? uri.PathAndQuery : redirectUri;
}
