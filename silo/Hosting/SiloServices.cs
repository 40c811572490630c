using Fleet.Silo.Access;
using Fleet.Silo.Api;
using Fleet.Silo.Devices;
using Fleet.Silo.Devices.Embedded;
#if FLEET_ORLEANS
using Fleet.Silo.Devices.Orleans;
#endif
using Fleet.Silo.Health;
using Fleet.Silo.Ingest;
using Fleet.Silo.Membership;
using Fleet.Silo.Retranscription;
using Fleet.Silo.Telemetry;
using Fleet.Silo.Transcription;
using Fleet.Storage;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Hosting;

/// <summary>What a silo is made of.</summary>
internal static class SiloServices
{
    public static IServiceCollection AddSilo(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddFleetDatabase(configuration, "fleet-silo");
        services.AddValidated<RuntimeOptions>(RuntimeOptions.Section)
            .AddValidated<GrpcOptions>(GrpcOptions.Section)
            .AddValidated<HttpOptions>(HttpOptions.Section)
            .AddValidated<CredentialOptions>(CredentialOptions.Section)
            .AddValidated<SiloOptions>(SiloOptions.Section)
            .AddValidated<OrleansOptions>(OrleansOptions.Section)
            .AddValidated<DevicesOptions>(DevicesOptions.Section)
            .AddValidated<IngestOptions>(IngestOptions.Section)
            .AddValidated<ScoringOptions>(ScoringOptions.Section)
            .AddValidated<RetranscriptionOptions>(RetranscriptionOptions.Section);
        services.AddSingleton<IValidateOptions<RuntimeOptions>, SiloConfigurationValidator>();
        services.AddSingleton<IValidateOptions<OrleansOptions>, OrleansOptionsValidator>();
        services.AddSingleton<IValidateOptions<GrpcOptions>, SiloConfigurationValidator>();
        services.AddSingleton<IValidateOptions<HttpOptions>, SiloConfigurationValidator>();
        services.AddSingleton<IValidateOptions<CredentialOptions>, SiloConfigurationValidator>();
        services.AddSingleton<IValidateOptions<IngestOptions>, SiloConfigurationValidator>();
        services.AddSingleton<IValidateOptions<ScoringOptions>, ScoringOptionsValidator>();

        services.AddSingleton<FleetInstruments>();
        services.AddSingleton<SiloStatus>();
        services.AddSingleton<EmbeddedLock>();
        services.AddSingleton<Credentials>();
        services.AddSingleton<RefusalLogBudget>();
        services.AddSingleton<AccessInterceptor>();
        services.AddSingleton<HealthService>();

        services.AddSingleton<LoadMeter>();
        services.AddSingleton<LocalSilo>();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<ISessions>(provider => provider.GetRequiredService<SessionRegistry>());
        services.AddSingleton<ISessionDownlink>(provider => provider.GetRequiredService<SessionRegistry>());
        services.AddSingleton<ISessionLedger, SessionLedger>();

        services.AddSingleton<ConnectionLimit>();
        services.AddSingleton<StorageGeneration>();
        services.AddSingleton<AudioMemory>();
        services.AddSingleton<IHeldAudio>(static provider => provider.GetRequiredService<AudioMemory>());
        services.AddSingleton<ParkingPlace>();
        services.AddSingleton<IUtteranceStore, PostgresUtteranceStore>();
        services.AddSingleton<SessionServices>();
        services.AddSingleton<TranscriptionQueue>();
        services.AddSingleton<ITranscriptionQueue>(provider => provider.GetRequiredService<TranscriptionQueue>());
        services.AddSingleton<IScoringClientFactory, ScoringClientFactory>();
        services.AddSingleton<ScoringDeployments>();
        services.AddSingleton<ITranscriberGauge, TranscriberGauge>();
        services.AddSingleton<JobSettler>();
        services.AddSingleton<BatchCaller>();
        services.AddSingleton<IBackgroundTranscriber, BackgroundTranscriber>();
        services.AddSingleton<RetranscriptionBell>();
        services.AddSingleton<RetranscriptionParts>();

        // They stop in the reverse order, after GracefulStop has done what must be done in an order of its own.
        services.AddWorker<MembershipWorker>()
            .AddFleetMaintenance()
            .AddWorker<ResultWriter>()
            .AddWorker<TranscriptionWorker>()
            .AddWorker<UtteranceWriter>()
            .AddWorker<LossWriter>()
            .AddHostedService<CreditWorker>()
            .AddHostedService<SlowCommitWorker>()
            .AddHostedService<GenerationWorker>()
            .AddHostedService<PendingSweepWorker>()
            .AddHostedService<RetranscriptionWorker>()
            .AddWorker<PresenceWorker>()
            .AddActors(configuration)
            .AddHostedService<GracefulStop>();
        return services;
    }

    private static IServiceCollection AddActors(this IServiceCollection services, IConfiguration configuration)
    {
#if FLEET_ORLEANS
        if (configuration.GetSection(RuntimeOptions.Section).Get<RuntimeOptions>()?.Runtime == RuntimeOptions.Orleans)
        {
            return services.AddOrleansActors();
        }
#endif
        return services.AddEmbeddedActors();
    }

    private static IServiceCollection AddValidated<TOptions>(this IServiceCollection services, string section)
        where TOptions : class
    {
        services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TOptions>>(new AnnotationsValidator<TOptions>(section));
        return services;
    }

    private static IServiceCollection AddWorker<TWorker>(this IServiceCollection services)
        where TWorker : class, IHostedService =>
        services.AddSingleton<TWorker>().AddHostedService(provider => provider.GetRequiredService<TWorker>());
}
