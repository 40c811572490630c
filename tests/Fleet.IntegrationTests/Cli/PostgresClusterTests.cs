using Fleet.Cli.Local.Postgres;
using Fleet.Cli.Local.Processes;
using Fleet.Testing;
using Npgsql;

namespace Fleet.IntegrationTests.Cli;

public sealed class PostgresClusterTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = TestCluster.Create();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [PostgresFact]
    public async Task Start_NewFolder_OwnerWritesAndDashboardOnlyReads()
    {
        await _cluster.Server.StartAsync(CancellationToken.None);

        await ExecuteAsync(_cluster.Server.OwnerConnectionString(), "CREATE TABLE words (word text); GRANT SELECT ON words TO fleet_reader");

        (await ScalarAsync(_cluster.Server.DashboardConnectionString(), "SELECT count(*) FROM words")).ShouldBe(0L);
        var refused = await Should.ThrowAsync<PostgresException>(
            () => ExecuteAsync(_cluster.Server.DashboardConnectionString(), "INSERT INTO words VALUES ('no')"));
        refused.SqlState.ShouldBeOneOf(PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.ReadOnlySqlTransaction);
    }

    [PostgresFact]
    public async Task Start_AsRoot_ServerRunsAsUnprivilegedUserInItsOwnGroup()
    {
        await _cluster.Server.StartAsync(CancellationToken.None);

        var server = _cluster.Server.Server.ShouldNotBeNull();
        var status = await File.ReadAllLinesAsync($"/proc/{server.ProcessId}/status");
        status.Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1].ShouldNotBe("0");
        var fields = (await File.ReadAllTextAsync($"/proc/{server.ProcessId}/stat")).Split(") ")[1].Split(' ');
        fields[2].ShouldBe($"{server.ProcessId}", "the server leads a process group of its own");
    }

    [PostgresFact]
    public async Task Start_WrongPassword_IsRefused()
    {
        await _cluster.Server.StartAsync(CancellationToken.None);

        var wrong = new NpgsqlConnectionStringBuilder(_cluster.Server.OwnerConnectionString()) { Password = "wrong", Pooling = false };

        (await Should.ThrowAsync<PostgresException>(() => ScalarAsync(wrong.ConnectionString, "SELECT 1")))
            .SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [PostgresFact]
    public async Task KillAndStart_CommittedRows_AreThereOnTheSamePort()
    {
        await _cluster.Server.StartAsync(CancellationToken.None);
        var port = _cluster.Server.Port;
        await ExecuteAsync(_cluster.Server.OwnerConnectionString(), "CREATE TABLE words AS SELECT 'kept' AS word");

        await _cluster.Server.KillAsync(CancellationToken.None);
        _cluster.Server.IsRunning.ShouldBeFalse();
        await _cluster.Server.StartAsync(CancellationToken.None);

        _cluster.Server.Port.ShouldBe(port);
        NpgsqlConnection.ClearAllPools();
        (await ScalarAsync(_cluster.Server.OwnerConnectionString(), "SELECT word FROM words")).ShouldBe("kept");
    }

    [PostgresTheory]
    [InlineData(PostgresStopMode.Fast)]
    [InlineData(PostgresStopMode.Immediate)]
    public async Task Stop_WithAnOpenSession_EndsInTimeAndLeavesNoProcess(PostgresStopMode mode)
    {
        await _cluster.Server.StartAsync(CancellationToken.None);
        await using var session = new NpgsqlConnection(_cluster.Server.OwnerConnectionString() + ";Pooling=false");
        await session.OpenAsync();
        var server = _cluster.Server.Server.ShouldNotBeNull();
        var helpers = ProcessIdentity.ChildrenOf(server.ProcessId);
        helpers.ShouldNotBeEmpty();

        (await _cluster.Server.StopAsync(mode, CancellationToken.None)).ShouldBeTrue();

        server.Identity.IsAlive().ShouldBeFalse();
        helpers.ShouldAllBe(helper => !helper.IsAlive());
    }

    [PostgresFact]
    public async Task Start_PasswordsMadeAnew_DataStaysReachable()
    {
        await _cluster.Server.StartAsync(CancellationToken.None);
        await ExecuteAsync(_cluster.Server.OwnerConnectionString(), "CREATE TABLE words AS SELECT 'kept' AS word");
        await _cluster.Server.StopAsync(PostgresStopMode.Fast, CancellationToken.None);

        await using var again = new PostgresCluster(
            new PostgresClusterOptions { Folder = _cluster.Folder, Passwords = PostgresPasswords.Random(), Fsync = false });
        await again.StartAsync(CancellationToken.None);

        (await ScalarAsync(again.OwnerConnectionString(), "SELECT word FROM words")).ShouldBe("kept");
    }

    [PostgresFact]
    public async Task Start_PortTaken_SaysWhatTheServerSaid()
    {
        await _cluster.Server.StartAsync(CancellationToken.None);
        await using var second = TestCluster.Create();
        await using var sut = new PostgresCluster(new PostgresClusterOptions
        {
            Folder = second.Folder, Passwords = PostgresPasswords.Random(), Fsync = false, Port = _cluster.Server.Port,
        });

        var failure = await Should.ThrowAsync<PostgresStartException>(() => sut.StartAsync(CancellationToken.None));

        failure.Message.ShouldContain("Address already in use");
    }

    [PostgresFact]
    public async Task CreateDatabase_SharedServer_IsEmptyAndOwnedByFleet()
    {
        await using var database = await TestDatabase.CreateAsync();

        (await ScalarAsync(database.OwnerConnectionString, "SELECT current_user || ' ' || pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"))
            .ShouldBe("fleet fleet");
    }

#pragma warning disable CA2100 // the statements are constants of these tests
    private static async Task ExecuteAsync(string connectionString, string statement)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(string connectionString, string query)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        return await command.ExecuteScalarAsync();
    }
#pragma warning restore CA2100
}
