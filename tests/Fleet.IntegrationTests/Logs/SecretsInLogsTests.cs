using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Fleet.DeviceAgent.CommandLine;
using Fleet.DeviceAgent.Configuration;
using Fleet.IntegrationTests.Agent;
using Fleet.IntegrationTests.Audio;
using Fleet.IntegrationTests.Silo;
using Fleet.Testing;
using Fleet.Testing.FakeScorer;
using Fleet.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Fleet.IntegrationTests.Logs;

/// <summary>No program writes a secret or what was said into its log, at the most verbose level and where things fail.</summary>
public sealed partial class SecretsInLogsTests : SiloTestBase, IDisposable
{
    private const string Said = "purple elephants whisper";
    private const string WrongKey = "a-key-that-somebody-mistyped-41";

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-logs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [PostgresFact]
    public async Task Silo_EverythingFailsAtTrace_NeitherKeysNorSpeech()
    {
        var scoringKey = "scoring-key-of-this-test-77";
        var scoringKeyFile = Path.Combine(_folder, "scoring.key");
        await File.WriteAllTextAsync(scoringKeyFile, scoringKey);
        await using var silo = TestProgram.Start("Fleet.Silo", environment: AtTrace(new()
        {
            ["Fleet__Database__ConnectionString"] = Database.OwnerConnectionString,
            ["Fleet__Grpc__Listen"] = "127.0.0.1:0",
            ["Fleet__Http__Listen"] = "127.0.0.1:0",
            ["Fleet__Credentials__JoinKeyFile"] = Path.Combine(_folder, "join.key"),
            ["Fleet__Credentials__ApiKeyFile"] = Path.Combine(_folder, "api.key"),
            ["Fleet__Scoring__Endpoint"] = Scorer.Endpoint.ToString(),
            ["Fleet__Scoring__KeyFile"] = scoringKeyFile,
            ["Fleet__Scoring__MaxBackOffMs"] = "100",
            ["Fleet__Silo__FlushSeconds"] = "1",
            ["Fleet__Silo__DrainSeconds"] = "0",
        }));
        await silo.WaitForLineAsync("is ready");
        using var channel = GrpcChannel.ForAddress(Address().Match(await silo.WaitForLineAsync("Now listening on:")).Value);
        var joinKey = (await File.ReadAllTextAsync(Path.Combine(_folder, "join.key"))).Trim();
        var apiKey = (await File.ReadAllTextAsync(Path.Combine(_folder, "api.key"))).Trim();

        await using var stranger = NewDevice(channel, WrongKey);
        await Should.ThrowAsync<RpcException>(() => stranger.ConnectAsync());
        await Should.ThrowAsync<RpcException>(async () => await new FleetApi.FleetApiClient(channel).SearchTranscriptsAsync(
            new SearchTranscriptsRequest { Query = Said, PageToken = "none" }, new Metadata { { "authorization", $"Bearer {apiKey}" } }));

        await using var device = NewDevice(channel, joinKey);
        await device.ConnectAsync();
        Scorer.Answer = call => Task.FromResult(ScorerReply.Text(call, Said));
        await device.TranscriptAsync(await StoreAsync(device));
        Scorer.Answer = call => Task.FromResult(ScorerReply.Error(call, $"cannot spell {Said}"));
        await device.TranscriptAsync(await StoreAsync(device));
        await silo.WaitForLineAsync("gets no transcript");
        Scorer.Answer = _ => Task.FromResult(new ScorerReply(500, $"model crashed at '{Said}'"));
        await StoreAsync(device);
        await silo.WaitForLineAsync("The endpoint answered 500.");
        await WaitForHealthAsync(silo);
        Scorer.Answer = _ => Task.FromResult(new ScorerReply(401, $"{scoringKey} may not hear {Said}"));
        await silo.WaitForLineAsync("answered 401 to the credential");

        // The row of a transcript cannot be written any more: an error of SQL, with the text as a parameter.
        await ExecuteAsync("ALTER TABLE utterances RENAME COLUMN model TO modell");
        Scorer.Answer = call => Task.FromResult(ScorerReply.Text(call, Said));
        await silo.WaitForLineAsync("transcripts are held");
        await silo.StopAsync(TimeSpan.FromSeconds(60));

        var password = new NpgsqlConnectionStringBuilder(Database.OwnerConnectionString).Password.ShouldNotBeNull();
        ShouldNotShow(silo.Lines, joinKey, apiKey, scoringKey, WrongKey, password, Said, "elephants");
        silo.Lines.ShouldContain(line => line.Contains("trce:", StringComparison.Ordinal) || line.Contains("dbug:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Agent_RightAndWrongKeyAtTrace_NeitherKeysNorTranscripts()
    {
        await using var server = await IngestServer.StartAsync();
        using var agent = new AgentFixture();
        using var log = new TraceLog();
        using var loggers = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        var arguments = agent.Arguments(server.Address, Path.Combine(RepositoryPaths.Samples, "message-forwarded.wav"));

        (await RunAsync(arguments)).ShouldBe(0, agent.Errors.ToString());
        (await RunAsync(arguments with { Key = WrongKey, Linger = TimeSpan.FromSeconds(1), StopTimeout = TimeSpan.Zero })).ShouldBe(ExitCodes.NotStored);

        agent.Output.ToString().ShouldContain("heard ");
        log.Lines.ShouldContain(line => line.Contains("Connected to silo", StringComparison.Ordinal));
        log.Lines.ShouldContain(line => line.Contains("refuses the join key", StringComparison.Ordinal));
        ShouldNotShow([.. log.Lines, .. agent.Errors.ToString().Split('\n')], IngestServer.Key, WrongKey, "heard ");

        Task<int> RunAsync(AgentArguments run) =>
            new AgentRun(run, loggers, TextWriter.Synchronized(agent.Output), TextWriter.Synchronized(agent.Errors), TimeProvider.System)
                .RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
    }

    [SpeechFact]
    public async Task Scoring_GoodAndBadCallsAtTrace_NeitherKeyNorText()
    {
        var keyFile = Path.Combine(_folder, "scoring.key");
        await using var scoring = TestProgram.Start("Fleet.Scoring", environment: AtTrace(new()
        {
            ["Fleet__ScoringServer__Listen"] = "127.0.0.1:0",
            ["Fleet__ScoringServer__KeyFile"] = keyFile,
            ["Fleet__ScoringServer__Workers"] = "1",
        }));
        await scoring.WaitForLineAsync("Decoders are loaded", TimeSpan.FromSeconds(60));
        var key = (await File.ReadAllTextAsync(keyFile)).Trim();
        using var http = new HttpClient { BaseAddress = new Uri(Address().Match(await scoring.WaitForLineAsync("Now listening on:")).Value) };
        var sound = Convert.ToBase64String((await File.ReadAllBytesAsync(Path.Combine(RepositoryPaths.Samples, "message-forwarded.wav"))).AsSpan(44));
        var body = new { inputs = new[] { new { id = "a", sample_rate = 16_000, audio = sound } } };

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", WrongKey);
        (await http.PostAsJsonAsync("/score", body)).IsSuccessStatusCode.ShouldBeFalse();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var heard = await (await http.PostAsJsonAsync("/score", body)).Content.ReadAsStringAsync();
        await http.PostAsJsonAsync("/score", new { data = new[] { Said } });
        (await scoring.StopAsync()).ShouldBe(0);

        heard.ShouldContain("message");
        ShouldNotShow(scoring.Lines, key, WrongKey, Said, "forwarded", sound[..40]);
    }

    [PostgresFact]
    public async Task Dashboard_SignInAndSearchAtTrace_NeitherPasswordsNorWords()
    {
        await (await StartSiloAsync()).DisposeAsync(); // it has migrated the database

        await using var command = TestProgram.Start("Fleet.Dashboard", ["password", "--file", Path.Combine(_folder, "password")]);
        (await command.WaitForExitAsync()).ShouldBe(0);
        var password = command.Lines.ShouldHaveSingleItem();
        await File.WriteAllTextAsync(Path.Combine(_folder, "api.key"), "api-key-of-this-test-58");
        await using var dashboard = TestProgram.Start("Fleet.Dashboard", environment: AtTrace(new()
        {
            ["Fleet__Dashboard__Listen"] = "127.0.0.1:0",
            ["Fleet__Dashboard__PasswordFile"] = Path.Combine(_folder, "password"),
            ["Fleet__Dashboard__KeysFolder"] = Path.Combine(_folder, "keys"),
            ["Fleet__Database__ConnectionString"] = Database.OwnerConnectionString,
            ["Fleet__Api__Address"] = "http://127.0.0.1:9",
            ["Fleet__Api__KeyFile"] = Path.Combine(_folder, "api.key"),
        }), workingDirectory: "/");
        using var handler = new HttpClientHandler { UseProxy = false };
        using var http = new HttpClient(handler) { BaseAddress = new Uri(Address().Match(await dashboard.WaitForLineAsync("Now listening on:")).Value) };

        var page = await http.GetStringAsync("/sign-in");
        var token = Token().Match(page).Groups[1].Value;
        token.ShouldNotBeEmpty(page);
        foreach (var tried in new[] { WrongKey, password })
        {
            using var form = new FormUrlEncodedContent(Fields(page).Append(new("Input.UserName", "admin")).Append(new("Input.Password", tried)).Append(new("Input.User", "admin")));
            await http.PostAsync("/sign-in", form);
        }

        // Whatever the pages answer: what counts is what is logged of them.
        using var history = await http.GetAsync("/history?q=" + Uri.EscapeDataString(Said));
        using var overview = await http.GetAsync("/");
        (await dashboard.StopAsync()).ShouldBe(0);

        var databasePassword = new NpgsqlConnectionStringBuilder(Database.OwnerConnectionString).Password.ShouldNotBeNull();
        ShouldNotShow(dashboard.Lines, password, WrongKey, databasePassword, "api-key-of-this-test-58", Said, "elephants", token);
    }

    private static Dictionary<string, string?> AtTrace(Dictionary<string, string?> environment)
    {
        environment["DOTNET_ENVIRONMENT"] = null;
        environment["ASPNETCORE_ENVIRONMENT"] = null;
        foreach (var category in new[] { "Default", "Fleet", "Grpc", "Npgsql", "System.Net.Http", "Microsoft", "Microsoft.AspNetCore" })
        {
            environment[$"Logging__LogLevel__{category}"] = "Trace";
        }

        return environment;
    }

    private static TestDevice NewDevice(GrpcChannel channel, string key) => new(new DeviceIngest.DeviceIngestClient(channel), key, "pi", Guid.NewGuid());

    private static async Task<Guid> StoreAsync(TestDevice device)
    {
        var id = await device.SendUtteranceAsync(TestDevice.Pcm(3_200));
        await device.StoredAsync(id);
        return id;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Database.OwnerConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The health page, which needs no key, must not repeat the endpoint either.</summary>
    private static async Task WaitForHealthAsync(TestProgram silo)
    {
        using var http = new HttpClient();
        var addresses = silo.Lines.Where(line => line.Contains("Now listening on:", StringComparison.Ordinal)).Select(line => Address().Match(line).Value).ToList();
        addresses.Count.ShouldBe(2);
        await EventuallyAsync(
            async () =>
            {
                var health = await http.GetStringAsync(addresses[1] + "/healthz/ready");
                health.ShouldNotContain("elephants");
                return health.Contains("transcripts wait", StringComparison.Ordinal);
            },
            "the health page says that transcripts wait");
    }

    private static IEnumerable<KeyValuePair<string, string>> Fields(string page) =>
        Hidden().Matches(page).Select(match => new KeyValuePair<string, string>(match.Groups[1].Value, match.Groups[2].Value));

    private static void ShouldNotShow(IEnumerable<string> lines, params string[] secrets)
    {
        var shown = lines.Where(line => secrets.Any(secret => line.Contains(secret, StringComparison.OrdinalIgnoreCase))).ToList();
        shown.ShouldBeEmpty(string.Create(CultureInfo.InvariantCulture, $"{shown.Count} lines show what they must not"));
    }

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex Address();

    [GeneratedRegex("""__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex Token();

    [GeneratedRegex("""type="hidden" name="([^"]+)" value="([^"]*)""")]
    private static partial Regex Hidden();
}
