using Fleet.Contracts.CommandLine;

namespace Fleet.Silo.Hosting;

/// <summary><c>--health</c>: is the silo that runs with these settings ready?</summary>
internal static class HealthCommand
{
    public static Task<int> RunAsync(string[] args)
    {
        // The settings as the silo itself reads them.
        var configuration = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }).Configuration;
        var http = configuration.GetSection(HttpOptions.Section).Get<HttpOptions>() ?? new HttpOptions();
        return HealthQuestion.AskAsync(http.Listen, "/healthz/ready", certificateFile: null, Console.Out);
    }
}
