using Fleet.Storage;
using Fleet.Testing;
using Fleet.V1;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Fleet.IntegrationTests.Storage;

/// <summary>The services of Fleet.Storage over a database, as a program has them.</summary>
internal sealed class StorageHost : IAsyncDisposable
{
    /// <summary>For whatever must not take long; a test that waits longer has failed.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private static readonly Lazy<Task<string>> _template = new(CreateTemplateAsync);

    private readonly ServiceProvider _services;

    private StorageHost(ServiceProvider services)
    {
        _services = services;
    }

    public UtteranceStore Utterances => Get<UtteranceStore>();

    public DeviceStore Devices => Get<DeviceStore>();

    public SiloLeases Silos => Get<SiloLeases>();

    public TranscriptHistory History => Get<TranscriptHistory>();

    public AudioStore Audio => Get<AudioStore>();

    public ChangeFeed Feed => Get<ChangeFeed>();

    public Migrator Migrator => Get<Migrator>();

    public NpgsqlDataSource DataSource => Get<NpgsqlDataSource>();

    /// <summary>The epoch of the silo that was registered after the migration.</summary>
    public long Silo { get; private set; }

    public static StorageHost Create(string connectionString, params (string Key, string Value)[] settings)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddFleetDatabase(new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?>(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            {
                ["Fleet:Database:ConnectionString"] = connectionString,
            }).Build());
        return new StorageHost(services.BuildServiceProvider());
    }

    /// <summary>A database with the schema and one registered silo.</summary>
    public static async Task<StorageHost> MigratedAsync(PostgresFixture postgres, params (string Key, string Value)[] settings) =>
        await MigratedAsync((await postgres.CreateDatabaseAsync(await _template.Value)).OwnerConnectionString, settings);

    public static async Task<StorageHost> MigratedAsync(string connectionString, params (string Key, string Value)[] settings)
    {
        StorageHost host = Create(connectionString, settings);
        await host.Migrator.MigrateAsync();
        host.Silo = await host.Silos.RegisterAsync("test");
        return host;
    }

    // Migrated once and then copied. It goes with the server of the test process.
    private static async Task<string> CreateTemplateAsync()
    {
        TestDatabase template = await TestDatabase.CreateAsync();
        await using StorageHost host = Create(template.OwnerConnectionString);
        await host.Migrator.MigrateAsync();
        return template.Name;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>The same device id is the same install in every test.</summary>
    public static Guid Install(string deviceId) =>
        new(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(deviceId)).AsSpan(0, 16));

    /// <summary>Compares the numbers with the rows, as the worker does; how many installs.</summary>
    public Task<int> ReconcileAsync() => new ReconciliationWorker(
        Get<FleetDatabase>(), Get<IOptions<DatabaseOptions>>(), TimeProvider.System, NullLogger<ReconciliationWorker>.Instance)
        .RunOnceAsync(CancellationToken.None);

    public async Task<long> OpenSessionAsync(string deviceId) =>
        (await Devices.OpenSessionAsync(deviceId, Install(deviceId), Guid.NewGuid(), "test", "test"))
            .ShouldBeOfType<SessionOpened>().Epoch;

    public async Task<UtteranceKey> StoreAsync(NewUtterance utterance)
    {
        (await Utterances.StoreAsync([utterance], Silo)).Single().Outcome.ShouldBe(StoreOutcome.Stored);
        return utterance.Key;
    }

    /// <summary>Stores an utterance and gives it a text.</summary>
    public async Task<UtteranceKey> SayAsync(string deviceId, long epoch, DateTimeOffset at, string text)
    {
        UtteranceKey key = await StoreAsync(Utterance(deviceId, epoch, at));
        (await Utterances.CompleteAsync([new TranscriptResult(key, Silo, 1, UtteranceStatus.Transcribed, text)])).ShouldBe([true]);
        return key;
    }

    public static NewUtterance Utterance(
        string deviceId, long epoch, DateTimeOffset at, long sequenceNumber = 1, byte[]? pcm = null) => new(
        deviceId, Guid.CreateVersion7(at), epoch, sequenceNumber, at, TimeSpan.FromMilliseconds(1_234), Trigger.Vad, null, null, null,
        "alsa:default", UtteranceEnd.Types.Reason.Silence, pcm ?? [1, 2, 3, 4]);

    public static NewLoss Loss(
        string deviceId, long epoch, DateTimeOffset at, long sequenceNumber, UtteranceLost.Types.Reason reason = UtteranceLost.Types.Reason.SpoolFull) => new(
        deviceId, Guid.CreateVersion7(at), epoch, sequenceNumber, at, Clock.Server, Trigger.Vad, reason, null, 64_000);

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using NpgsqlCommand command = DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!; // the tests select what is there
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
