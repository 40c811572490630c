using Fleet.Silo.Ingest;
using Fleet.Testing;
using Fleet.Testing.FakeScorer;
using Fleet.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.IntegrationTests.Silo.BadInput;

/// <summary>One silo with small limits for all the bad input of this folder: what one peer does must not be felt by the next.</summary>
public sealed class BadInputSilo : IAsyncLifetime
{
    public const int CreditBytes = 256 * 1024;
    public const int MaxUtteranceBytes = 128 * 1024;

    private SiloUnderTest? _silo;
    private TestDatabase? _database;
    private FakeScorer? _scorer;

    internal SiloUnderTest Silo => _silo ?? throw new InvalidOperationException("Not initialized.");

    internal AudioMemory Memory => Silo.Services.GetRequiredService<AudioMemory>();

    internal SessionRegistry Sessions => Silo.Services.GetRequiredService<SessionRegistry>();

    public async Task InitializeAsync()
    {
        if (new PostgresFactAttribute().Skip is not null)
        {
            return;
        }

        _database = await TestDatabase.CreateAsync();
        _scorer = await FakeScorer.StartAsync();
        _silo = await SiloUnderTest.StartAsync(_database.OwnerConnectionString, _scorer.Endpoint, new Dictionary<string, string?>
        {
            ["Fleet:Ingest:CreditBytes"] = $"{CreditBytes}",
            ["Fleet:Ingest:MaxUtteranceBytes"] = $"{MaxUtteranceBytes}",
            ["Fleet:Ingest:HelloTimeoutMs"] = "3000",
            ["Fleet:Ingest:OutboxMessages"] = "256",
            // What is parked is held on purpose; these tests look for what is held by mistake.
            ["Fleet:Ingest:ParkSeconds"] = "0",
            // What is tested here is a device that does not read.
            ["Fleet:Ingest:ControlMessagesPerMinute"] = "1000000",
        });
    }

    public async Task DisposeAsync()
    {
        if (_silo is not null)
        {
            await _silo.DisposeAsync();
        }

        if (_scorer is not null)
        {
            await _scorer.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    /// <summary>Another device is in the middle of an utterance when the bad input comes; it notices nothing, and nobody has to look at a log.</summary>
    internal async Task WhileAnotherSpeaksAsync(Func<SiloUnderTest, Task> badInput)
    {
        await using var bystander = Silo.NewDevice();
        await bystander.ConnectAsync();
        var id = NewId();
        var pcm = TestDevice.Pcm(6_400);
        await bystander.SendAsync(new DeviceMessage { UtteranceStart = bystander.NewStart(id) });
        await bystander.SendChunkAsync(id, 0, pcm.AsMemory(0, 3_200));
        await SiloTestBase.EventuallyAsync(() => Task.FromResult(Memory.HeldBytes == 3_200), "only this device's audio is held, what came before has left nothing");

        await badInput(Silo);

        await bystander.SendChunkAsync(id, 3_200, pcm.AsMemory(3_200));
        await bystander.SendEndAsync(id, pcm.Length);
        (await bystander.StoredAsync(id)).Duplicate.ShouldBeFalse();
        (await bystander.TranscriptAsync(id)).Text.ShouldBe("heard 6400 bytes");
        Silo.Logs.Errors.ShouldBeEmpty();
    }

    internal static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
}
