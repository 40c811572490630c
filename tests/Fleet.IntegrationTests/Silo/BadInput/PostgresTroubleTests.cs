using Fleet.Silo.Ingest;
using Fleet.Testing;
using Fleet.V1;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Fleet.IntegrationTests.Silo.BadInput;

/// <summary>A database that answers, but not as it should: acks wait, heartbeats and transcripts go on, nothing is lost. Away: OutageTests.</summary>
public sealed class PostgresTroubleTests : SiloTestBase
{
    // Everybody but the connection that holds the embedded silo's lock: without that the silo stops, as it should.
    private const string CutConnections =
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name NOT LIKE 'fleet-silo-lock%'
        """;

    // A full disk as PostgreSQL reports it. A real one would need a file system of its own for the server.
    private const string DiskFull =
        """
        CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'could not extend file "base/16384/16399": No space left on device' USING ERRCODE = '53100';
        END $$;
        CREATE TRIGGER disk_full BEFORE INSERT ON utterances FOR EACH STATEMENT EXECUTE FUNCTION disk_full();
        """;

    private static readonly Dictionary<string, (string Cause, string Undo, string Health)> _troubles = new()
    {
        ["disk full"] = (DiskFull, "DROP TRIGGER disk_full ON utterances", "No space left on device"),
        ["read-only"] = (
            $"ALTER DATABASE {{db}} SET default_transaction_read_only = on; {CutConnections}",
            "ALTER DATABASE {db} RESET default_transaction_read_only",
            "in a read-only transaction"),
        ["no connection left"] = ($"ALTER DATABASE {{db}} CONNECTION LIMIT 0; {CutConnections}", "ALTER DATABASE {db} CONNECTION LIMIT -1", "too many connections"),
    };

    public static TheoryData<string> Troubles => new(_troubles.Keys);

    [PostgresTheory]
    [MemberData(nameof(Troubles))]
    public async Task Database_TakesNothing_AcksWaitAndHealthSaysIt(string what)
    {
        var (cause, undo, health) = _troubles[what];
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        await StoreOneAsync(device);
        await RunAsync(cause);

        var first = await device.SendUtteranceAsync(TestDevice.Pcm(6_400));
        var second = await device.SendUtteranceAsync(TestDevice.Pcm(9_600));
        await EventuallyAsync(
            async () => await silo.GetAsync("/healthz/ready") is { Status: 503 } ready && ready.Body.Contains(health, StringComparison.Ordinal),
            $"readiness says '{health}'");
        await ShouldStillBeHeardAsync(device);
        await RunAsync(undo);

        await ShouldBeStoredAndTranscribedAsync(device, first, second);
        await EventuallyAsync(async () => (await silo.GetAsync("/healthz/ready")).Status == 200, "readiness is back");
    }

    [PostgresFact]
    public async Task Table_Locked_AcksWaitAndNothingElse()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        await StoreOneAsync(device);
        await using var connection = new NpgsqlConnection(Database.SuperuserConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var take = new NpgsqlCommand("LOCK TABLE utterances IN ACCESS EXCLUSIVE MODE", connection, transaction))
        {
            await take.ExecuteNonQueryAsync();
        }

        var first = await device.SendUtteranceAsync(TestDevice.Pcm(6_400));
        var second = await device.SendUtteranceAsync(TestDevice.Pcm(9_600));
        await ShouldStillBeHeardAsync(device);
        (await silo.GetAsync("/healthz/ready")).Status.ShouldBe(200);
        await transaction.RollbackAsync();

        await ShouldBeStoredAndTranscribedAsync(device, first, second);
    }

    [PostgresFact]
    public async Task Database_SlowerThanTheCommandTimeout_AcksWaitUntilItIsFast()
    {
        await using var silo = await StartSiloAsync(new Dictionary<string, string?> { ["Fleet:Database:CommandTimeoutSeconds"] = "1" });
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        await StoreOneAsync(device);
        await RunAsync(
            """
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$;
            CREATE TRIGGER slow BEFORE INSERT ON utterances FOR EACH STATEMENT EXECUTE FUNCTION slow();
            """);

        var id = await device.SendUtteranceAsync(TestDevice.Pcm(6_400));
        await EventuallyAsync(async () => (await silo.GetAsync("/healthz/ready")).Status == 503, "readiness says that the database is too slow");
        await ShouldStillBeHeardAsync(device);
        await RunAsync("ALTER TABLE utterances DISABLE TRIGGER slow");

        await ShouldBeStoredAndTranscribedAsync(device, id);
    }

    [PostgresFact]
    public async Task Database_TakesNothingForLong_MemoryIsBoundedByTheCredit()
    {
        const int Credit = 64 * 1024;
        await using var silo = await StartSiloAsync(new Dictionary<string, string?>
        {
            ["Fleet:Ingest:CreditBytes"] = $"{Credit}",
            ["Fleet:Ingest:MaxUtteranceBytes"] = $"{Credit}",
        });
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        await StoreOneAsync(device);
        await RunAsync(DiskFull);

        var kept = await device.SendUtteranceAsync(TestDevice.Pcm(60_000));
        try
        {
            await device.SendUtteranceAsync(TestDevice.Pcm(60_000));
        }
        catch (RpcException)
        {
            // The call ended while it was being sent.
        }

        (await device.EndAsync()).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        silo.Services.GetRequiredService<AudioMemory>().HeldBytes.ShouldBeLessThanOrEqualTo(Credit);
        await RunAsync("DROP TRIGGER disk_full ON utterances");

        // What was complete is stored though its device is gone; sent again, it is a duplicate.
        await EventuallyAsync(async () => Equals(await QueryAsync($"SELECT count(*) FROM utterances WHERE utterance_id = '{kept}'"), 1L), "the complete one is stored");
        await device.ConnectAsync();
        await device.SendUtteranceAsync(TestDevice.Pcm(60_000), kept);
        var answer = await device.NextAsync();
        if (answer.KindCase == CloudMessage.KindOneofCase.Transcript)
        {
            // Of the first time that it was sent.
            answer = await device.NextAsync();
        }

        answer.UtteranceStored.ShouldNotBeNull().Duplicate.ShouldBeTrue();
    }

    [PostgresFact]
    public async Task Password_Changed_AcksWaitUntilItFits()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var silo = await SiloUnderTest.StartAsync(cluster.Server.OwnerConnectionString(), Scorer.Endpoint);
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        await StoreOneAsync(device);
        var password = new NpgsqlConnectionStringBuilder(cluster.Server.OwnerConnectionString()).Password;
        await RunAsync($"ALTER ROLE fleet PASSWORD 'another'; {CutConnections}", cluster.Server.SuperuserConnectionString("fleet"));

        var id = await device.SendUtteranceAsync(TestDevice.Pcm(6_400));
        await EventuallyAsync(
            async () => await silo.GetAsync("/healthz/ready") is { Status: 503 } ready && ready.Body.Contains("password authentication failed", StringComparison.Ordinal),
            "readiness names the password");
        await ShouldStillBeHeardAsync(device);
        await RunAsync($"ALTER ROLE fleet PASSWORD '{password}'", cluster.Server.SuperuserConnectionString("fleet"));

        await ShouldBeStoredAndTranscribedAsync(device, id);
    }

    [PostgresFact]
    public async Task Schema_NewerThanTheProgram_StopsTheSiloWithTheRemedy()
    {
        await using (await StartSiloAsync())
        {
        }

        await RunAsync("INSERT INTO fleet_schema_migrations (number, name, checksum) SELECT max(number) + 1, 'of-tomorrow', 'x' FROM fleet_schema_migrations");

        await using var silo = await SiloUnderTest.StartAsync(Database.OwnerConnectionString, Scorer.Endpoint, waitUntilReady: false);
        await EventuallyAsync(() => Task.FromResult(silo.Status.FailedBecause is not null), "the silo gives up");

        silo.Status.FailedBecause.ShouldNotBeNull().ShouldContain("newer than this program");
    }

    private static async Task StoreOneAsync(TestDevice device)
    {
        var id = await device.SendUtteranceAsync(TestDevice.Pcm(320));
        await device.StoredAsync(id);
        await device.TranscriptAsync(id);
    }

    /// <summary>The next message is the heartbeat's answer: the session is alive and nothing was acked.</summary>
    private static async Task ShouldStillBeHeardAsync(TestDevice device)
    {
        await device.SendAsync(new DeviceMessage { Heartbeat = new Heartbeat { Nonce = 7 } });
        (await device.NextAsync()).HeartbeatAck.ShouldNotBeNull().Nonce.ShouldBe(7UL);
    }

    private static async Task ShouldBeStoredAndTranscribedAsync(TestDevice device, params Guid[] ids)
    {
        var stored = new List<string>();
        var transcribed = new List<string>();
        while (transcribed.Count < ids.Length)
        {
            var message = await device.NextAsync();
            if (message.KindCase == CloudMessage.KindOneofCase.UtteranceStored)
            {
                message.UtteranceStored.Duplicate.ShouldBeFalse();
                stored.Add(message.UtteranceStored.UtteranceId);
            }
            else
            {
                message.Transcript.ShouldNotBeNull().Status.ShouldBe(UtteranceStatus.Transcribed);
                transcribed.Add(message.Transcript.UtteranceId);
            }
        }

        stored.ShouldBe(ids.Select(id => id.ToString("D")), ignoreOrder: true);
        transcribed.ShouldBe(stored, ignoreOrder: true);
    }

    private async Task RunAsync(string sql, string? connectionString = null)
    {
        await using var connection = new NpgsqlConnection((connectionString ?? Database.SuperuserConnectionString) + ";Pooling=false;Options=-c default_transaction_read_only=off");
        await connection.OpenAsync();
#pragma warning disable CA2100 // DDL has no parameters; the texts are this class's own
        foreach (var statement in sql.Contains("$$", StringComparison.Ordinal) ? [sql] : sql.Split("; "))
        {
            await using var command = new NpgsqlCommand(statement.Replace("{db}", Database.Name, StringComparison.Ordinal), connection);
            await command.ExecuteNonQueryAsync();
        }
#pragma warning restore CA2100
    }
}
