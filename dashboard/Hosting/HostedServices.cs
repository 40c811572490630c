namespace Fleet.Dashboard.Hosting;

/// <summary>Registers a background service that others ask as well.</summary>
internal static class HostedServices
{
    public static IServiceCollection AddHosted<T>(this IServiceCollection services)
        where T : class, IHostedService =>
        services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}
