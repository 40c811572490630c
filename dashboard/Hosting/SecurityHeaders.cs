namespace Fleet.Dashboard.Hosting;

/// <summary>Headers of every answer: only this site's own files run, nothing may frame it, nothing private is kept by caches.</summary>
internal static class SecurityHeaders
{
    public const string ContentSecurityPolicy =
        "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'";

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";

        // Static files say how long they may be kept; everything else may hold what people said. At the start of the answer, since
        // antiforgery warns of a header that it finds.
        context.Response.OnStarting(
            static state =>
            {
                var answer = (IHeaderDictionary)state;
                if (answer.CacheControl.Count == 0)
                {
                    answer.CacheControl = "private, no-store";
                }

                return Task.CompletedTask;
            },
            headers);
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        return next(context);
    });
}
