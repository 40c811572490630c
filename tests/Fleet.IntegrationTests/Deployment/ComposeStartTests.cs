using System.Net;
using Fleet.Cli.Local.Postgres;
using Fleet.IntegrationTests.Dashboard.BadInput;
using Fleet.IntegrationTests.Silo;
using Fleet.Testing;
using Fleet.Testing.Deployment;
using Npgsql;

namespace Fleet.IntegrationTests.Deployment;

/// <summary>What docker compose up does, without an engine: every entry point in the order and with the environment of docker-compose.yml.</summary>
public sealed class ComposeStartTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(120);

    /// <summary>Every part is started a second time, one program after the other.</summary>
    [LongLocalFleetFact]
    public Task Up_EveryEntryPoint_UntilWhatASampleSaysIsInTheHistory() =>
        UpAsync(assembly => RepositoryPaths.Program(assembly == "fleet-cli" ? "Fleet.Cli" : assembly, assembly));

    /// <summary>Publishing takes longer than all the rest.</summary>
    [LongLocalFleetFact]
    public async Task Up_FromPublishFolders_UntilWhatASampleSaysIsInTheHistory()
    {
        var programs = Directory.CreateTempSubdirectory("fleet-published-").FullName;
        try
        {
            await PublishedPrograms.PublishAsync(programs);
            await UpAsync(assembly => Path.Combine(programs, assembly, assembly + ".dll"));
        }
        finally
        {
            Directory.Delete(programs, recursive: true);
        }
    }

    private static async Task UpAsync(Func<string, string> find)
    {
        await using var cluster = TestCluster.Create();
        using var run = new ComposeRun(find, cluster.Server.Port);
        var firstSignIn = await RunJobAsync(run.Start("init"));
        var password = firstSignIn.Split("admin / ")[1].Split(' ')[0];
        await using var history = await StartPostgresAsync(run, cluster);
        await RunJobAsync(run.Start("roles"));
        await RunJobAsync(run.Start("migrate"));
        await using (var question = run.AskHealth("silo"))
        {
            (await question.WaitForExitAsync(_limit)).ShouldBe(1, "nothing runs yet");
        }

        await using var scoring = run.Start("scoring");
        await using var silo = run.Start("silo");
        await silo.WaitForLineAsync("is ready", _limit);
        await using var dashboard = run.Start("dashboard");
        await using var agents = run.Start("agents");
        await using var replica = run.Start("agents");
        await agents.WaitForLineAsync("accept this recording", _limit);
        await replica.WaitForLineAsync("accept this recording", _limit);

        foreach (var service in new[] { "scoring", "silo", "dashboard", "agents" })
        {
            await using var question = run.AskHealth(service);
            (await question.WaitForExitAsync(_limit)).ShouldBe(0, $"{service}: {string.Join('\n', question.Lines)}");
        }

        (await AskAsync(history, "SELECT count(*) > 0 FROM utterances WHERE text ILIKE '%accept this recording%'")).ShouldBe(true);
        (await AskAsync(history, "SELECT count(DISTINCT device_id) FROM devices")).ShouldBe(4L, "two replicas of two devices");
        await SiloTestBase.EventuallyAsync(
            async () => (await OverviewAsync(run.Dashboard, password)).Contains("of 4 online", StringComparison.Ordinal), "the dashboard asks the silo over TLS who is online", _limit);
        (await RunJobAsync(run.Start("init"))).ShouldNotContain("admin /");
        (await RunJobAsync(run.Start("init", "--reset-password"))).ShouldContain("admin /");

        foreach (var program in new[] { agents, replica, dashboard, silo, scoring })
        {
            (await program.StopAsync(_limit)).ShouldBe(0, string.Join('\n', program.Lines.TakeLast(5)));
        }
    }

    /// <summary>What a person sees who signs in with what init printed.</summary>
    private static async Task<string> OverviewAsync(Uri dashboard, string password)
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, CheckCertificateRevocationList = true };
        using var client = new HttpClient(handler) { BaseAddress = dashboard };
        using var signedIn = await SignedInDashboard.SignInAsync(client, password);
        signedIn.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return await client.GetStringAsync("/");
    }

    private static async Task<object?> AskAsync(NpgsqlDataSource history, string sql)
    {
#pragma warning disable CA2100 // the test's own texts
        await using var command = history.CreateCommand(sql);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    private static async Task<string> RunJobAsync(TestProgram job)
    {
        await using (job)
        {
            (await job.WaitForExitAsync(_limit)).ShouldBe(0, string.Join('\n', job.Lines));
            return string.Join('\n', job.Lines);
        }
    }

    /// <summary>As the image makes it: a superuser with the password of init, and nothing else. Returns the dashboard's way in, once there is one.</summary>
    private static async Task<NpgsqlDataSource> StartPostgresAsync(ComposeRun run, TestCluster cluster)
    {
        await cluster.Server.StartAsync(CancellationToken.None);
        var file = ComposeFile.Read().Services["postgres"]["environment"]["POSTGRES_PASSWORD_FILE"].Text;
        var password = (await File.ReadAllTextAsync(run.Folder(file))).Trim();
        await using var superuser = new NpgsqlConnection(cluster.Server.SuperuserConnectionString() + ";Pooling=false");
        await superuser.OpenAsync();
        foreach (var statement in new[]
        {
            $"DROP DATABASE {PostgresRoles.Database}", $"DROP ROLE {PostgresRoles.Dashboard}", $"DROP ROLE {PostgresRoles.Owner}", $"DROP ROLE {PostgresRoles.Reader}",
            $"ALTER ROLE {PostgresRoles.Superuser} PASSWORD '{password}'",
        })
        {
#pragma warning disable CA2100 // the test's own texts
            await using var command = new NpgsqlCommand(statement, superuser);
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync();
        }

        var login = new NpgsqlConnectionStringBuilder(cluster.Server.DashboardConnectionString())
        {
            Password = (await File.ReadAllTextAsync(run.Folder("/run/fleet/dashboard/postgres.fleet_dashboard.password"))).Trim(),
        };
        return NpgsqlDataSource.Create(login.ConnectionString);
    }
}
