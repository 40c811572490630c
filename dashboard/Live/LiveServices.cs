using Fleet.Dashboard.Hosting;

namespace Fleet.Dashboard.Live;

/// <summary>Registers what the live page needs.</summary>
internal static class LiveServices
{
    public static void AddLive(this IServiceCollection services)
    {
        services.AddOptions<LiveOptions>().BindConfiguration(LiveOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<LiveRenderer>();
        services.AddHosted<LiveFeed>();
    }
}
