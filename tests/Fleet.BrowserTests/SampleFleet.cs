using Fleet.Contracts.Transcripts;
using Fleet.Storage;
using Fleet.V1;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Fleet.BrowserTests;

/// <summary>Writes devices and utterances as a silo would, through the same store.</summary>
public sealed class SampleFleet : IAsyncDisposable
{
    private const int SampleRateHz = 16_000;
    private const int MaxAttempts = 20;

    private readonly ServiceProvider _services;
    private readonly Dictionary<string, SessionOpened> _sessions = [];
    private readonly Dictionary<string, long> _numbers = [];
    private long _owner;

    private SampleFleet(ServiceProvider services) => _services = services;

    /// <summary>Migrates the database and takes a lease.</summary>
    public static async Task<SampleFleet> CreateAsync(string connectionString)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Fleet:Database:ConnectionString"] = connectionString,
                ["Fleet:Database:PoolSize"] = "2",
            })
            .Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration);
        services.AddFleetDatabase(configuration, "sample-fleet");
        var fleet = new SampleFleet(services.BuildServiceProvider());
        await fleet.Get<Migrator>().MigrateAsync();
        fleet._owner = await fleet.Get<SiloLeases>().RegisterAsync("sample");
        return fleet;
    }

    /// <summary>An utterance that has been stored and has no transcript yet.</summary>
    public async Task<UtteranceKey> StoreAsync(
        string deviceId, DateTimeOffset startedAt, double seconds = 1.5, Trigger trigger = Trigger.Vad, Clock clock = Clock.Server)
    {
        var session = await RetryAsync(() => SessionAsync(deviceId));
        var number = _numbers[deviceId] = _numbers.GetValueOrDefault(deviceId) + 1;
        var utterance = new NewUtterance(
            deviceId, Guid.CreateVersion7(startedAt), session.Epoch, number, startedAt, TimeSpan.FromSeconds(seconds), trigger,
            Keyword: null, KeywordScore: null, KeywordModelId: null, Source: "alsa:default", UtteranceEnd.Types.Reason.Silence, Tone(seconds)) { Clock = clock };
        var results = await RetryAsync(() => Get<UtteranceStore>().StoreAsync([utterance], _owner));
        results[0].Outcome.ShouldBe(StoreOutcome.Stored, results[0].Message);
        return utterance.Key;
    }

    /// <summary>An utterance that never came: its device reported it as lost.</summary>
    public async Task<UtteranceKey> LoseAsync(string deviceId, DateTimeOffset startedAt, UtteranceLost.Types.Reason reason, double seconds = 0)
    {
        var session = await RetryAsync(() => SessionAsync(deviceId));
        var number = _numbers[deviceId] = _numbers.GetValueOrDefault(deviceId) + 1;
        var loss = new NewLoss(
            deviceId, Guid.CreateVersion7(startedAt), session.Epoch, number, startedAt, Clock.Server, Trigger.Vad, reason, Detail: null,
            (long)(seconds * SampleRateHz) * 2);
        (await RetryAsync(() => Get<UtteranceStore>().StoreLossesAsync([loss])))[0].Outcome.ShouldBe(StoreOutcome.Stored);
        return loss.Key;
    }

    /// <summary>Numbers that the device counted and of which nothing came, found by the reconciliation.</summary>
    public async Task MissAsync(string deviceId, int utterances)
    {
        await RetryAsync(() => SessionAsync(deviceId));
        var first = _numbers.GetValueOrDefault(deviceId) + 1;
        _numbers[deviceId] = first + utterances - 1;
        await using var command = Get<FleetDatabase>().DataSource.CreateCommand(
            """
            WITH counted AS (
                UPDATE installs SET next_sequence_number = $3 + 1, missing = missing + $3 - $2 + 1, settled_below = $3 + 1, reconciled_below = $3 + 1
                 WHERE device_id = $1 RETURNING device_id, install_id)
            INSERT INTO missing_ranges (device_id, install_id, first_number, last_number) SELECT device_id, install_id, $2, $3 FROM counted
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = deviceId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = first });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = _numbers[deviceId] });
        (await command.ExecuteNonQueryAsync()).ShouldBe(1);
    }

    /// <summary>A silo's API over this fleet.</summary>
    public Task<SiloStub> StartSiloAsync() => SiloStub.StartAsync(Get<UtteranceStore>(), Get<DeviceStore>(), Get<RetranscriptionStore>());

    /// <summary>A run of all history through another deployment, finished, with what that makes of each text.</summary>
    public async Task<Guid> RetranscribeAsync(string deployment, Func<string, string> recognise)
    {
        var runs = Get<RetranscriptionStore>();
        var run = new NewRetranscription(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), deployment, new RetranscriptionFilter(), "anna");
        (await runs.StartAsync(run, maxUtterances: 1_000)).ShouldBe(StartRetranscriptionOutcome.Started);
        var claim = await ClaimAsync(runs, RetranscriptionState.Running);
        foreach (var task in await runs.NextAsync(run.RunId, new UtteranceKey("", Guid.Empty), max: 1_000))
        {
            var text = recognise(task.Text ?? "");
            var diff = WordDiff.Of(task.Text ?? "", text);
            var version = new NewVersion(text.Length == 0 ? UtteranceStatus.Empty : UtteranceStatus.Transcribed, text)
            {
                Confidence = 0.93f, Engine = "wav2vec2", Model = "wav2vec2-large", Deployment = deployment, OldWords = diff.OldWords, WordEdits = diff.Changes,
            };
            (await runs.AddVersionAsync(claim, task.Key, version)).ShouldBe(RetranscriptionWrite.Written);
        }

        (await runs.FinishAsync(claim)).ShouldBeTrue();
        return run.RunId;
    }

    /// <summary>Does what was decided about a run.</summary>
    public async Task CarryOutAsync()
    {
        var runs = Get<RetranscriptionStore>();
        var claim = await ClaimAsync(runs, RetranscriptionState.Promoting, RetranscriptionState.Discarding);
        while (await runs.CarryOutAsync(claim, max: 100) is > 0)
        {
        }

        (await runs.SettleAsync(claim)).ShouldBeTrue();
    }

    // Nobody renews its lease while a page is looked at, which may take long.
    private async Task<RetranscriptionClaim> ClaimAsync(RetranscriptionStore runs, params RetranscriptionState[] states)
    {
        (await Get<SiloLeases>().RenewAsync(_owner)).ShouldBeTrue();
        return (await runs.ClaimAsync(_owner, states)).ShouldNotBeNull();
    }

    /// <summary>Another machine says that it is the device; its install.</summary>
    public async Task<Guid> ContestAsync(string deviceId)
    {
        await RetryAsync(() => SessionAsync(deviceId));
        var other = Guid.NewGuid();
        await Get<DeviceStore>().OpenSessionAsync(deviceId, other, Guid.NewGuid(), "fleet-agent 0.1.0 (linux-arm64)", "192.0.2.17");
        return other;
    }

    public Task EraseAsync(UtteranceKey key) => Get<UtteranceStore>().EraseAsync([key]);

    public Task TranscribeAsync(UtteranceKey key, string text) =>
        CompleteAsync(key, text.Length == 0 ? UtteranceStatus.Empty : UtteranceStatus.Transcribed, text, null);

    public Task FailAsync(UtteranceKey key, string reason, UtteranceStatus status = UtteranceStatus.Failed) => CompleteAsync(key, status, null, reason);

    /// <summary>Stored and transcribed.</summary>
    public async Task<UtteranceKey> AddAsync(string deviceId, DateTimeOffset startedAt, string text, double seconds = 1.5)
    {
        var key = await StoreAsync(deviceId, startedAt, seconds);
        await TranscribeAsync(key, text);
        return key;
    }

    /// <summary>What can stand in a row: long, one endless word, right to left, emoji, and every status. Returns the first, a long sentence.</summary>
    public async Task<UtteranceKey> AddEveryKindAsync(string deviceId)
    {
        var now = TimeProvider.System.GetUtcNow();
        await StoreAsync(deviceId, now.AddMinutes(-9));
        await FailAsync(await StoreAsync(deviceId, now.AddMinutes(-8)), "the endpoint answered 424 three times");
        await FailAsync(await StoreAsync(deviceId, now.AddMinutes(-7)), "the disk of the device was full", UtteranceStatus.Lost);
        await LoseAsync(deviceId, now.AddMinutes(-6.5), UtteranceLost.Types.Reason.SpoolFull);
        await AddAsync(deviceId, now.AddMinutes(-6), "");
        await TranscribeAsync(await StoreAsync(deviceId, now.AddMinutes(-5.5), clock: Clock.Corrected), "before the clock was right");
        await AddAsync(deviceId, now.AddMinutes(-5), new string('w', 500));
        await AddAsync(deviceId, now.AddMinutes(-4), "שלום עולם, תדליק את האור במטבח בבקשה");
        await AddAsync(deviceId, now.AddMinutes(-3), "👩‍👩‍👧‍👦 party 🎉 at eight, 66 seconds long", seconds: 66);
        return await AddAsync(deviceId, now.AddMinutes(-2), "turn on the lights in the kitchen " + string.Join(' ', Enumerable.Repeat("and do not forget the ones in the hall", 40)));
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async Task CompleteAsync(UtteranceKey key, UtteranceStatus status, string? text, string? reason)
    {
        var result = new TranscriptResult(
            key, _owner, Attempt: 1, status, text, status == UtteranceStatus.Transcribed ? 0.87f : null, reason, "pocketsphinx", "en-us-5.2", "local",
            Guid.NewGuid().ToString("N"));
        (await RetryAsync(() => Get<UtteranceStore>().CompleteAsync([result])))[0].ShouldBeTrue();
    }

    private async Task<SessionOpened> SessionAsync(string deviceId)
    {
        if (!_sessions.TryGetValue(deviceId, out var session))
        {
            var result = await Get<DeviceStore>().OpenSessionAsync(deviceId, Guid.NewGuid(), Guid.NewGuid(), "fleet-agent 0.1.0 (linux-arm64)", "127.0.0.1");
            session = _sessions[deviceId] = result.ShouldBeOfType<SessionOpened>();
        }

        return session;
    }

    // As a silo does: after a restart of the server a connection of the pool may still be a dead one.
    private static async Task<T> RetryAsync<T>(Func<Task<T>> action)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await action();
            }
            catch (StorageUnavailableException) when (attempt < MaxAttempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }

    private T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A tone that swells and falls in syllables: something to hear and to see in a waveform.</summary>
    private static byte[] Tone(double seconds)
    {
        var pcm = new byte[(int)(seconds * SampleRateHz) * 2];
        for (var i = 0; i < pcm.Length / 2; i++)
        {
            var time = (double)i / SampleRateHz;
            var loudness = Math.Pow(Math.Abs(Math.Sin(time * 7.3) * Math.Sin(time * 2.1 + 0.4)), 1.5);
            var sample = (short)(9_000 * loudness * Math.Sin(2 * Math.PI * (180 + 40 * Math.Sin(time * 5)) * time));
            System.Buffers.Binary.BinaryPrimitives.WriteInt16LittleEndian(pcm.AsSpan(i * 2), sample);
        }

        return pcm;
    }
}
