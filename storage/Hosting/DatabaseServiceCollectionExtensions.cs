using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Fleet.Storage;

/// <summary>Registers the database.</summary>
public static class DatabaseServiceCollectionExtensions
{
    /// <summary>Registers everything of Fleet.Storage as singletons, over one data source. Nothing connects before it is used.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The program's configuration (its root).</param>
    /// <param name="applicationName">Default of <see cref="DatabaseOptions.ApplicationName"/>, such as "fleet-silo".</param>
    public static IServiceCollection AddFleetDatabase(
        this IServiceCollection services, IConfiguration configuration, string? applicationName = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);

        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<DatabaseOptions>()
            .Configure(options => options.ApplicationName = applicationName ?? options.ApplicationName)
            .Bind(configuration.GetSection(DatabaseOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<DatabaseOptions>, DatabaseOptionsValidator>();

        services.AddSingleton(provider => DataSourceFactory.Create(provider.GetRequiredService<IOptions<DatabaseOptions>>().Value));
        services.AddSingleton<FleetDatabase>();
        services.AddSingleton<Migrator>();
        services.AddSingleton<DatabaseVersion>();
        services.AddSingleton<UtteranceStore>();
        services.AddSingleton<SiloLeases>();
        services.AddSingleton<DeviceStore>();
        services.AddSingleton<TranscriptHistory>();
        services.AddSingleton<AudioStore>();
        services.AddSingleton<TranscriptVersions>();
        services.AddSingleton<RetranscriptionStore>();
        services.AddSingleton<ChangeFeed>();
        return services;
    }

    /// <summary>Adds what keeps partitions, retention and accounts; for the program that owns the schema (the silo), not for readers.</summary>
    public static IServiceCollection AddFleetMaintenance(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddHostedService<PartitionWorker>().AddHostedService<ReconciliationWorker>();
    }
}
