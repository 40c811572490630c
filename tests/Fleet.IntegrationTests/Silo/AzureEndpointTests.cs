using Fleet.Testing;
using Fleet.Testing.FakeAzure;
using Fleet.V1;

namespace Fleet.IntegrationTests.Silo;

/// <summary>A silo in front of an endpoint with the limits that a managed one has.</summary>
public sealed class AzureEndpointTests : SiloTestBase
{
    private const int PoisonedBytes = 666;

    [PostgresTheory]
    [InlineData("batch")]
    [InlineData("list")]
    [InlineData("single")]
    public async Task Calls_FiveInAHundredUnavailableAndOneUtterancePoisoned_EndOnlyThatOneAsFailed(string format)
    {
        await using var azure = await FakeAzureEndpoint.StartAsync(new AzureEndpointOptions
        {
            MaxConcurrentRequestsPerInstance = 2, CallCost = TimeSpan.FromMilliseconds(10), UnavailableShare = 0.05, IsPoisoned = static (_, samples) => samples == PoisonedBytes / 2,
        });
        await using var silo = await StartAsync(azure, ("Format", format));

        var transcripts = await SayAsync(silo, 60, poisonedAt: 30);

        var failed = transcripts.Where(transcript => transcript.Status == UtteranceStatus.Failed).ShouldHaveSingleItem();
        failed.Reason.ShouldContain(format == "batch" ? "not speech" : "The model answered 400");
        transcripts.Count(transcript => transcript.Status == UtteranceStatus.Transcribed).ShouldBe(59);
        transcripts.Select(transcript => transcript.Text).ShouldContain("heard 330 samples");
    }

    [PostgresFact]
    public async Task Limits_ThatAreGiven_AreNeverExceeded()
    {
        await using var azure = await FakeAzureEndpoint.StartAsync(new AzureEndpointOptions
        {
            MaxConcurrentRequestsPerInstance = 1, Instances = 2, CallCost = TimeSpan.FromMilliseconds(30),
        });
        await using var silo = await StartAsync(azure, ("Format", "single"), ("MaxConcurrentRequestsPerInstance", "1"), ("Instances", "2"));

        await SayAsync(silo, 60);

        azure.Calls.ShouldAllBe(call => call.Status == 200);
        azure.Calls.Max(call => call.InFlight).ShouldBeLessThanOrEqualTo(4);
    }

    [PostgresFact]
    public async Task Call_ThatTimesOut_IsMadeOnceMoreAndSmaller_AndItsLateWorkChangesNothing()
    {
        // What is sent together takes longer than the endpoint gives it, and the work goes on all the same.
        await using var azure = await FakeAzureEndpoint.StartAsync(new AzureEndpointOptions
        {
            MaxConcurrentRequestsPerInstance = 4, RequestTimeout = TimeSpan.FromMilliseconds(400), UtteranceCost = TimeSpan.FromMilliseconds(90),
        });
        await using var silo = await StartAsync(azure, ("GiveUpAfterSeconds", "1"));

        var transcripts = await SayAsync(silo, 24);

        transcripts.ShouldAllBe(transcript => transcript.Status == UtteranceStatus.Transcribed);
        var timedOut = azure.Calls.Where(call => call.Status == 408).ToList();
        azure.Calls.Where(call => call.Status == 200).Max(call => call.Utterances).ShouldBeLessThanOrEqualTo(4);
        // 100 ms of rest come between the tries: nobody was sent three times in vain.
        timedOut.SelectMany(call => call.UtteranceIds).GroupBy(id => id).ShouldAllBe(calls => calls.Count() <= 2);
        (await QueryAsync("SELECT count(*) FROM utterances WHERE status = 2 AND attempt = 1")).ShouldBe(24L);
    }

    [PostgresFact]
    public async Task Keys_RegeneratedOneAfterTheOther_InterruptNothing()
    {
        var (primary, secondary) = (Path.GetTempFileName(), Path.GetTempFileName());
        await File.WriteAllTextAsync(primary, "primary-1");
        await File.WriteAllTextAsync(secondary, "secondary-1");
        await using var azure = await FakeAzureEndpoint.StartAsync();
        azure.Options.Keys.UnionWith(["primary-1", "secondary-1"]);
        await using var silo = await StartAsync(azure, ("KeyFile", primary), ("SecondaryKeyFile", secondary));
        await SayAsync(silo, 1);

        azure.Options.Keys.Remove("primary-1");
        azure.Options.Keys.Add("primary-2");
        await SayAsync(silo, 1);
        await File.WriteAllTextAsync(primary, "primary-2");
        azure.Options.Keys.Remove("secondary-1");
        var last = await SayAsync(silo, 1);

        last.ShouldHaveSingleItem().Status.ShouldBe(UtteranceStatus.Transcribed);
        azure.Calls.Select(call => call.Status).ShouldBe([200, 401, 200, 401, 200]);
        silo.Logs.Errors.ShouldBeEmpty();
        File.Delete(primary);
        File.Delete(secondary);
    }

    [PostgresFact]
    public async Task Deployment_WithoutTraffic_IsStoodInForAndItIsSaid()
    {
        await using var azure = await FakeAzureEndpoint.StartAsync();
        azure.Options.Deployments.Clear();
        azure.Options.Deployments.AddRange(["blue", "green"]);
        await using var silo = await StartAsync(
            azure,
            ("Deployments:0:Name", "first"), ("Deployments:0:Deployment", "blue"),
            ("Deployments:1:Name", "spare"), ("Deployments:1:Deployment", "green"), ("Deployments:1:Weight", "0"));
        await SayAsync(silo, 3);
        (await QueryAsync("SELECT count(*) FROM utterances WHERE deployment = 'blue'")).ShouldBe(3L);

        azure.Options.Deployments.Remove("blue");
        await SayAsync(silo, 3);

        (await QueryAsync("SELECT count(*) FROM utterances WHERE deployment = 'green'")).ShouldBe(3L);
        (await silo.GetAsync("/healthz/ready")).Body.ShouldBe("ready; other deployments stand in for first: The endpoint answered 404.\n");
    }

    [PostgresFact]
    public async Task Bandwidth_ThatIsShort_DelaysAndLosesNothing()
    {
        await using var azure = await FakeAzureEndpoint.StartAsync(new AzureEndpointOptions { MaxConcurrentRequestsPerInstance = 2, BandwidthBytesPerSecond = 100_000 });
        await using var silo = await StartAsync(azure);

        var transcripts = await SayAsync(silo, 10, bytes: 6_400);

        transcripts.ShouldAllBe(transcript => transcript.Status == UtteranceStatus.Transcribed);
        azure.Calls.Sum(call => call.Bytes).ShouldBeLessThan(120_000);
    }

    private Task<SiloUnderTest> StartAsync(FakeAzureEndpoint azure, params (string Key, string Value)[] options) => SiloUnderTest.StartAsync(
        Database.OwnerConnectionString, azure.Endpoint, options.ToDictionary(option => $"Fleet:Scoring:{option.Key}", option => (string?)option.Value));

    /// <summary>One device says so many; what became of each.</summary>
    private static async Task<List<Transcript>> SayAsync(SiloUnderTest silo, int count, int poisonedAt = -1, int bytes = 640)
    {
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        for (var i = 0; i < count; i++)
        {
            await device.SendUtteranceAsync(TestDevice.Pcm(i == poisonedAt ? PoisonedBytes : bytes + (i % 2 * 20)));
        }

        var transcripts = new List<Transcript>();
        while (transcripts.Count < count)
        {
            transcripts.Add((await device.NextAsync(CloudMessage.KindOneofCase.Transcript)).Transcript);
        }

        return transcripts;
    }
}
