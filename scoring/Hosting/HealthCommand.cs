using Fleet.Contracts.CommandLine;
using Fleet.Scoring.Configuration;

namespace Fleet.Scoring.Hosting;

/// <summary><c>--health</c>: has the server that runs with these settings loaded its decoders?</summary>
internal static class HealthCommand
{
    public static Task<int> RunAsync(string[] args)
    {
        // The settings as the server itself reads them.
        var configuration = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }).Configuration;
        var options = configuration.GetSection(ScoringServerOptions.Section).Get<ScoringServerOptions>() ?? new ScoringServerOptions();
        return HealthQuestion.AskAsync(options.Listen, "/ready", certificateFile: null, Console.Out);
    }
}
