using Fleet.Contracts.CommandLine;
using Fleet.Dashboard.Configuration;

namespace Fleet.Dashboard.Hosting;

/// <summary><c>--health</c>: does the dashboard that runs with these settings answer, and can it read the database?</summary>
internal static class HealthCommand
{
    public static Task<int> RunAsync(string[] args)
    {
        // The settings as the dashboard itself reads them.
        var configuration = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }).Configuration;
        var options = StartupOptions.Read<DashboardOptions>(configuration, DashboardOptions.Section);
        return HealthQuestion.AskAsync(options.Listen, "/healthz/ready", options.CertificateFile, Console.Out);
    }
}
