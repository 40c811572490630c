using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components;

namespace Fleet.Dashboard.SignIn;

/// <summary>The door: one user, one password, a limit on guesses, one answer for every wrong input.</summary>
public sealed partial class SignInPage
{
    [Inject]
    internal PasswordStore Passwords { get; set; } = null!; // Set by the renderer.

    [Inject]
    internal SignInLimiter Limiter { get; set; } = null!; // Set by the renderer.

    [CascadingParameter]
    public HttpContext HttpContext { get; set; } = null!; // Set by the renderer.

    [SupplyParameterFromQuery(Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    /// <summary>Present when the page that was asked for was left open for longer than the sign-in held.</summary>
    [SupplyParameterFromQuery(Name = Session.EndedParameter)]
    public string? Ended { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in")]
    public SignInInput Input { get; set; } = null!; // Set in OnInitialized.

    private string? Message { get; set; }

    private string ReturnPath => Session.LocalPath(ReturnUrl);

    protected override void OnInitialized()
    {
        // A null here is Blazor's "no form was posted".
        Input ??= new SignInInput();
        if (HttpContext.User.Identity?.IsAuthenticated == true && HttpMethods.IsGet(HttpContext.Request.Method))
        {
            HttpContext.Response.Redirect(ReturnPath);
        }
        else if (Passwords.Current is null)
        {
            Message = "No password is set yet. Run ./fleet password, or Fleet.Dashboard password --file with the file that the dashboard is told.";
        }
    }

    private async Task SubmitAsync()
    {
        var address = HttpContext.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        if (Limiter.TryBegin(address) is { } wait)
        {
            var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
            HttpContext.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            Message = string.Create(CultureInfo.InvariantCulture, $"Too many attempts. Try again in {seconds} s.");
            return;
        }

        // The hash is derived off the request's thread: it takes a few hundred milliseconds of processor time on purpose.
        var current = Passwords.Current;
        var password = Input.Password ?? "";
        var right = current is not null
            && password.Length <= SignInInput.MaxPasswordLength
            && await Task.Run(() => current.Verify(password), HttpContext.RequestAborted)
            && string.Equals(Input.UserName?.Trim(), Session.UserName, StringComparison.OrdinalIgnoreCase);
        if (current is null || !right)
        {
            HttpContext.Response.StatusCode = StatusCodes.Status401Unauthorized;
            Message = "User name or password is wrong.";
            return;
        }

        Limiter.Succeeded(address);
        await HttpContext.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, Session.Create(current));
        HttpContext.Response.Redirect(ReturnPath);
    }
}
