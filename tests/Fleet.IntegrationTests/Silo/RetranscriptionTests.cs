using Fleet.Testing;
using Fleet.Testing.FakeScorer;
using Fleet.V1;
using Grpc.Core;

namespace Fleet.IntegrationTests.Silo;

/// <summary>History through another deployment, by the fleet API of a real silo.</summary>
public sealed class RetranscriptionTests : SiloTestBase
{
    [PostgresFact]
    public async Task Run_ItsSiloStopsInTheMiddle_AnotherGoesOn_AndPromotedItIsWhatSearchFinds()
    {
        var keys = Directory.CreateTempSubdirectory("fleet-keys-").FullName;
        string runId;
        UtteranceName said;
        // One utterance a call, so that the three answers are not held with a fourth.
        await using (var silo = await StartAsync(keys, new() { ["Fleet:Scoring:BatchMaxUtterances"] = "1" }))
        {
            said = (await SayAsync(silo, 6))[0];
            var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var calls = 0;
            // The first three are answered, then the endpoint keeps every call: so the silo ends in the middle of its run.
            Scorer.Answer = async call =>
            {
                if (Interlocked.Increment(ref calls) > 3)
                {
                    await held.Task;
                }

                return ScorerReply.Text(call, $"green light {call.Pcm.Length}");
            };
            var run = (await silo.NewApi().StartRetranscriptionAsync(
                new StartRetranscriptionRequest { Deployment = "green", RequestedBy = "test" }, silo.ApiHeaders())).Run;
            runId = run.RunId;
            (run.Total, run.State).ShouldBe((6UL, Retranscription.Types.State.Running));
            await EventuallyAsync(async () => (await GetAsync(silo, runId)).Run.Recognised == 3, "three are recognised, the others hang");
            await silo.StopAsync();
            held.SetResult();
        }

        Scorer.Answer = call => Task.FromResult(ScorerReply.Text(call, $"green light {call.Pcm.Length}"));
        await using var second = await StartAsync(keys);
        await EventuallyAsync(async () => (await GetAsync(second, runId)).Run.State == Retranscription.Types.State.Finished, "the other silo goes on");

        var finished = await GetAsync(second, runId, pageSize: 4);
        (finished.Run.Recognised, finished.Run.Differing, finished.Utterances.Count).ShouldBe((6UL, 6UL, 4));
        var rest = await GetAsync(second, runId, pageSize: 4, finished.NextPageToken);
        rest.Utterances.Count.ShouldBe(2);
        rest.NextPageToken.ShouldBeEmpty();
        var first = finished.Utterances.Concat(rest.Utterances).Single(utterance => utterance.UtteranceId == said.UtteranceId);
        (first.OldText, first.NewText).ShouldBe(("heard 3200 bytes", "green light 3200"));
        first.Changes.Select(change => (change.Kind, change.Old, change.New)).ShouldBe(
            [
                (WordChange.Types.Kind.Substituted, "heard", "green"), (WordChange.Types.Kind.Substituted, "3200", "light"),
                (WordChange.Types.Kind.Substituted, "bytes", "3200"),
            ]);
        (await FindAsync(second, "light")).ShouldBeEmpty("nobody has promoted it");
        using var watch = second.NewApi().WatchTranscripts(new WatchTranscriptsRequest(), second.ApiHeaders());
        await watch.ResponseHeadersAsync;

        var decision = new RetranscriptionDecision { RunId = runId, DecidedBy = "anna" };
        await second.NewApi().PromoteRetranscriptionAsync(decision, second.ApiHeaders());
        await EventuallyAsync(async () => (await GetAsync(second, runId)).Run.State == Retranscription.Types.State.Promoted, "it is promoted");

        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        (await watch.ResponseStream.MoveNext(late.Token)).ShouldBeTrue();
        watch.ResponseStream.Current.Transcript.Text.ShouldStartWith("green light");
        (await FindAsync(second, "light")).Length.ShouldBe(6);
        (await FindAsync(second, "heard")).ShouldBeEmpty();
        var versions = (await second.NewApi().ListTranscriptVersionsAsync(
            new ListTranscriptVersionsRequest { DeviceId = said.DeviceId, UtteranceId = said.UtteranceId }, second.ApiHeaders())).Versions;
        versions.Select(version => (version.Current, version.Text, version.Deployment)).ShouldBe(
            [(true, "green light 3200", "green"), (false, "heard 3200 bytes", "blue")]);
        (await second.NewApi().PromoteRetranscriptionAsync(decision, second.ApiHeaders())).State.ShouldBe(Retranscription.Types.State.Promoted, "asked again");
        var refused = await Should.ThrowAsync<RpcException>(async () => await second.NewApi().DiscardRetranscriptionAsync(decision, second.ApiHeaders()));
        (refused.StatusCode, refused.Status.Detail).ShouldBe((StatusCode.FailedPrecondition, $"Run {runId} is promoted already."));
        Directory.Delete(keys, recursive: true);
    }

    [PostgresFact]
    public async Task Run_CancelledWhileTheEndpointKeepsEveryCall_LetsGoOfThemAndIsDiscarded()
    {
        await using var silo = await StartAsync();
        await SayAsync(silo, 3);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var before = Scorer.Calls.Count;
        Scorer.Answer = async call =>
        {
            await held.Task;
            return ScorerReply.Text(call, "too late");
        };
        var run = (await silo.NewApi().StartRetranscriptionAsync(new StartRetranscriptionRequest { Deployment = "blue" }, silo.ApiHeaders())).Run;
        await EventuallyAsync(() => Task.FromResult(Scorer.Calls.Count > before), "one is at the endpoint, the others wait for it");
        var decision = new RetranscriptionDecision { RunId = run.RunId };
        (await Should.ThrowAsync<RpcException>(async () => await silo.NewApi().PromoteRetranscriptionAsync(decision, silo.ApiHeaders())))
            .Status.Detail.ShouldContain("still running: wait for its end, or cancel it first");

        (await silo.NewApi().CancelRetranscriptionAsync(decision, silo.ApiHeaders())).State.ShouldBe(Retranscription.Types.State.Cancelled);
        await silo.NewApi().DiscardRetranscriptionAsync(decision, silo.ApiHeaders());
        await EventuallyAsync(async () => (await GetAsync(silo, run.RunId)).Run.State == Retranscription.Types.State.Discarded, "it is discarded");
        held.SetResult();

        Scorer.Answer = call => Task.FromResult(ScorerReply.Text(call, "next"));
        var next = (await silo.NewApi().StartRetranscriptionAsync(new StartRetranscriptionRequest { Deployment = "green" }, silo.ApiHeaders())).Run;
        await EventuallyAsync(async () => (await GetAsync(silo, next.RunId)).Run.State == Retranscription.Types.State.Finished, "the next run is worked");
        (await QueryAsync("SELECT count(*) FROM transcript_versions WHERE text = 'too late'")).ShouldBe(0L);
    }

    [PostgresFact]
    public async Task Run_UtterancesWithoutAudioAndRefusedOnes_AreCountedWithTheirReason()
    {
        await using var silo = await StartAsync();
        var said = await SayAsync(silo, 3);
        await QueryAsync($"DELETE FROM utterance_audio WHERE utterance_id = '{said[0].UtteranceId}'");
        Scorer.Answer = call => Task.FromResult(call.UtteranceId == said[1].UtteranceId ? ScorerReply.Error(call, "not speech") : ScorerReply.Text(call, ""));

        var run = (await silo.NewApi().StartRetranscriptionAsync(new StartRetranscriptionRequest { Deployment = "green" }, silo.ApiHeaders())).Run;
        await EventuallyAsync(async () => (await GetAsync(silo, run.RunId)).Run.State == Retranscription.Types.State.Finished, "it is finished");

        var answer = await GetAsync(silo, run.RunId, pageSize: 10);
        (answer.Run.Recognised, answer.Run.Skipped, answer.Run.Failed).ShouldBe((1UL, 1UL, 1UL));
        var byId = answer.Utterances.ToDictionary(utterance => utterance.UtteranceId);
        byId[said[0].UtteranceId].Reason.ShouldBe("Its audio is not kept.");
        byId[said[1].UtteranceId].Reason.ShouldContain("not speech");
        byId[said[2].UtteranceId].NewText.ShouldBeEmpty();
        await silo.NewApi().PromoteRetranscriptionAsync(new RetranscriptionDecision { RunId = run.RunId }, silo.ApiHeaders());
        await EventuallyAsync(async () => (await GetAsync(silo, run.RunId)).Run.State == Retranscription.Types.State.Promoted, "it is promoted");
        var rows = (await silo.NewApi().SearchTranscriptsAsync(new SearchTranscriptsRequest(), silo.ApiHeaders())).Transcripts.ToDictionary(row => row.UtteranceId);
        rows[said[1].UtteranceId].Status.ShouldBe(UtteranceStatus.Transcribed, "what the run could not do stays as it was");
        rows[said[2].UtteranceId].Status.ShouldBe(UtteranceStatus.Empty);
    }

    [PostgresFact]
    public async Task Requests_WithoutAGoodAnswer_SayWhatToDo()
    {
        await using var silo = await StartAsync(settings: new() { ["Fleet:Retranscription:MaxUtterances"] = "1" });
        await SayAsync(silo, 2);

        (StatusCode Code, string Words, Func<FleetApi.FleetApiClient, Metadata, Task> Ask)[] all =
        [
            (StatusCode.InvalidArgument, "deployment is 'grene'; this silo knows blue, green.", (api, key) => Start(api, key, new() { Deployment = "grene" })),
            (StatusCode.InvalidArgument, "deployment is ''; this silo knows", (api, key) => Start(api, key, new())),
            (StatusCode.InvalidArgument, "swap them", (api, key) => Start(api, key, new() { Deployment = "green", FromUnixMs = 2, ToUnixMs = 1 })),
            (StatusCode.InvalidArgument, "statuses has Lost", (api, key) => Start(api, key, new() { Deployment = "green", Statuses = { UtteranceStatus.Lost } })),
            (StatusCode.InvalidArgument, "run_id must be a UUID", (api, key) => Start(api, key, new() { Deployment = "green", RunId = "1" })),
            (StatusCode.InvalidArgument, "requested_by must be at most", (api, key) => Start(api, key, new() { Deployment = "green", RequestedBy = "\u001b[2J" })),
            (StatusCode.NotFound, "No utterance fits", (api, key) => Start(api, key, new() { Deployment = "green", ToUnixMs = 1_000 })),
            (StatusCode.FailedPrecondition, "More than 1 utterances fit", (api, key) => Start(api, key, new() { Deployment = "green" })),
            (StatusCode.NotFound, "There is no run", async (api, key) => await api.GetRetranscriptionAsync(new() { RunId = Guid.NewGuid().ToString() }, key)),
            (StatusCode.NotFound, "There is no run", async (api, key) => await api.CancelRetranscriptionAsync(new() { RunId = Guid.NewGuid().ToString() }, key)),
            (StatusCode.InvalidArgument, "ask for at most 200", async (api, key) => await api.GetRetranscriptionAsync(new() { RunId = Guid.NewGuid().ToString(), PageSize = 201 }, key)),
            (StatusCode.InvalidArgument, "page_token", async (api, key) => await api.GetRetranscriptionAsync(new() { RunId = Guid.NewGuid().ToString(), PageToken = "x" }, key)),
            (StatusCode.NotFound, "There is no utterance", async (api, key) => await api.ListTranscriptVersionsAsync(
                new() { DeviceId = "pi", UtteranceId = Guid.NewGuid().ToString() }, key)),
            (StatusCode.InvalidArgument, "format must be", async (api, key) => await api.TranscribeAsync(new(), key)),
            (StatusCode.InvalidArgument, "pcm has 3 bytes", async (api, key) => await api.TranscribeAsync(Recording(3), key)),
            (StatusCode.InvalidArgument, "pcm has 2097154 bytes", async (api, key) => await api.TranscribeAsync(Recording(2_097_154), key)),
        ];
        foreach (var (code, words, ask) in all)
        {
            var refused = await Should.ThrowAsync<RpcException>(() => ask(silo.NewApi(), silo.ApiHeaders()), words);
            (refused.StatusCode, words).ShouldBe((code, words));
            refused.Status.Detail.ShouldContain(words);
        }

        (await silo.NewApi().ListRetranscriptionsAsync(new ListRetranscriptionsRequest(), silo.ApiHeaders())).Runs.ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task Transcribe_ARecording_IsRecognisedAndNothingIsStored()
    {
        await using var silo = await StartAsync();

        var answer = await silo.NewApi().TranscribeAsync(Recording(6_400), silo.ApiHeaders());

        (answer.Status, answer.Text, answer.Engine, answer.Confidence).ShouldBe((UtteranceStatus.Transcribed, "heard 6400 bytes", "fake", 0.75f));
        (await QueryAsync("SELECT count(*) FROM utterances")).ShouldBe(0L);
    }

    private static async Task Start(FleetApi.FleetApiClient api, Metadata key, StartRetranscriptionRequest request) =>
        await api.StartRetranscriptionAsync(request, key);

    private static TranscribeRequest Recording(int bytes) => new()
    {
        Format = new AudioFormat { Encoding = AudioFormat.Types.Encoding.PcmS16Le, SampleRateHz = 16_000, Channels = 1 },
        Pcm = Google.Protobuf.ByteString.CopyFrom(TestDevice.Pcm(bytes)),
    };

    private static async Task<GetRetranscriptionResponse> GetAsync(SiloUnderTest silo, string runId, uint pageSize = 0, string page = "") =>
        await silo.NewApi().GetRetranscriptionAsync(
            new GetRetranscriptionRequest { RunId = runId, PageSize = pageSize, PageToken = page }, silo.ApiHeaders());

    private static async Task<string[]> FindAsync(SiloUnderTest silo, string words) =>
        [.. (await silo.NewApi().SearchTranscriptsAsync(new SearchTranscriptsRequest { Query = words }, silo.ApiHeaders())).Transcripts.Select(row => row.Text)];

    private static async Task<UtteranceName[]> SayAsync(SiloUnderTest silo, int count)
    {
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        List<UtteranceName> names = [];
        for (var i = 0; i < count; i++)
        {
            var id = await device.SendUtteranceAsync(TestDevice.Pcm(3_200 + (2 * i)));
            await device.NextAsync(CloudMessage.KindOneofCase.Transcript);
            names.Add(new UtteranceName { DeviceId = device.DeviceId, UtteranceId = id.ToString("D") });
        }

        return [.. names];
    }

    private Task<SiloUnderTest> StartAsync(string? keyFolder = null, Dictionary<string, string?>? settings = null) =>
        SiloUnderTest.StartAsync(Database.OwnerConnectionString, Scorer.Endpoint, NamedDeployments.With(settings), keyFolder);
}
