using Fleet.Testing;
using Fleet.V1;
using Grpc.Core;

namespace Fleet.IntegrationTests.Silo;

public sealed class UtteranceTests : SiloTestBase
{
    [PostgresFact]
    public async Task Utterance_Sent_IsStoredThenTranscribedThenInHistory()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        var welcome = await device.ConnectAsync();
        welcome.SessionEpoch.ShouldBeGreaterThan(0);
        welcome.CreditBytes.ShouldBe(4UL * 1024 * 1024);
        var pcm = TestDevice.Pcm(64_000);

        var id = await device.SendUtteranceAsync(pcm);
        (await device.StoredAsync(id)).Duplicate.ShouldBeFalse();
        var transcript = await device.TranscriptAsync(id);

        transcript.Status.ShouldBe(UtteranceStatus.Transcribed);
        transcript.Text.ShouldBe("heard 64000 bytes");
        transcript.Confidence.ShouldBe(0.75f);
        transcript.Engine.ShouldBe("fake");
        var call = Scorer.Calls.ShouldHaveSingleItem();
        call.Pcm.ShouldBe(pcm);
        call.ClientRequestId.Length.ShouldBe(32);
        (await QueryAsync("SELECT request_id FROM utterances")).ShouldBe(call.ClientRequestId);
        var api = silo.NewApi();
        var found = await api.SearchTranscriptsAsync(new SearchTranscriptsRequest { Query = "heard" }, silo.ApiHeaders());
        var record = found.Transcripts.ShouldHaveSingleItem();
        record.UtteranceId.ShouldBe(id.ToString("D"));
        record.DeviceId.ShouldBe(device.DeviceId);
        record.DurationMs.ShouldBe(2000u);
        record.Model.ShouldBe("fake-1");
        (await ReadAudioAsync(silo, device.DeviceId, id)).ShouldBe(pcm);
    }

    [PostgresFact]
    public async Task Keyword_AfterItsUtterance_IsInTheHistoryWithScoreAndModel()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var start = device.NewStart(id);
        (start.Trigger, start.Keyword, start.KeywordScore, start.KeywordModelId) = (Trigger.Keyword, "listen", 0.9f, "listen-1");
        await device.SendAsync(new DeviceMessage { UtteranceStart = start });
        await device.SendChunkAsync(id, 0, TestDevice.Pcm(320));
        await device.SendEndAsync(id, 320);
        await device.StoredAsync(id);

        var record = (await silo.NewApi().SearchTranscriptsAsync(new SearchTranscriptsRequest(), silo.ApiHeaders())).Transcripts.ShouldHaveSingleItem();

        (record.Trigger, record.Keyword, record.KeywordScore, record.KeywordModelId).ShouldBe((Trigger.Keyword, "listen", 0.9f, "listen-1"));
    }

    [PostgresFact]
    public async Task EndOfTheKeyword_IsStoredAndNotTranscribed_AndWordsHaveTheTimesOfWhatIsStored()
    {
        Scorer.Answer = call => Task.FromResult(new Testing.FakeScorer.ScorerReply(
            200, $$"""{"results":[{"id":"{{call.UtteranceId}}","text":"tea","words":[{"word":"tea","start_ms":20,"end_ms":300,"confidence":0.9}]}]}"""));
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var pcm = TestDevice.Pcm(32_000);

        foreach (var (fromMs, sent) in new[] { (500u, 16_000), (0u, 32_000), (1_500u, 0) })
        {
            var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
            var start = device.NewStart(id);
            (start.Trigger, start.Keyword, start.TranscribeFromMs) = (Trigger.Keyword, "listen", fromMs);
            await device.SendAsync(new DeviceMessage { UtteranceStart = start });
            await device.SendChunkAsync(id, 0, pcm);
            await device.SendEndAsync(id, pcm.Length);
            await device.StoredAsync(id);
            var transcript = await device.TranscriptAsync(id);

            (await ReadAudioAsync(silo, device.DeviceId, id)).ShouldBe(pcm);
            // Where nothing is left, nobody is asked.
            transcript.Status.ShouldBe(sent == 0 ? UtteranceStatus.Empty : UtteranceStatus.Transcribed);
            var call = Scorer.Calls.SingleOrDefault(call => call.UtteranceId == id.ToString("D"));
            (call?.Pcm ?? []).ShouldBe(pcm[^sent..]);
            (await QueryAsync($"SELECT (words->0->>'start_ms')::int FROM utterances WHERE utterance_id = '{id}'"))
                .ShouldBe(sent == 0 ? DBNull.Value : 20 + (int)fromMs);
        }
    }

    [PostgresFact]
    public async Task Load_OfManyDevices_SharesCommits_AndALoneOneHasItsOwn()
    {
        // No result changes a row: its transaction is the one that stored it.
        Scorer.Answer = _ => Task.FromResult(new Testing.FakeScorer.ScorerReply(503, ""));
        await using var silo = await StartSiloAsync();
        await using var lone = silo.NewDevice();
        await lone.ConnectAsync();
        for (var i = 0; i < 5; i++)
        {
            await lone.StoredAsync(await lone.SendUtteranceAsync(TestDevice.Pcm(320, i)));
        }

        (await QueryAsync("SELECT count(DISTINCT xmin::text) FROM utterances")).ShouldBe(5L);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var device = silo.NewDevice();
            await device.ConnectAsync();
            for (var i = 0; i < 25; i++)
            {
                await device.SendUtteranceAsync(TestDevice.Pcm(320, i));
            }

            for (var i = 0; i < 25; i++)
            {
                await device.NextAsync(CloudMessage.KindOneofCase.UtteranceStored);
            }
        }));

        (await QueryAsync("SELECT count(*) FROM utterances")).ShouldBe(205L);
        ((long?)await QueryAsync("SELECT count(DISTINCT xmin::text) FROM utterances")).ShouldNotBeNull().ShouldBeLessThan(105);
    }

    [PostgresFact]
    public async Task Ack_Seen_RowIsCommitted()
    {
        Scorer.Answer = _ => Task.FromResult(new Testing.FakeScorer.ScorerReply(503, ""));
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();

        var id = await device.SendUtteranceAsync(TestDevice.Pcm(3_200));
        await device.StoredAsync(id);

        await using var connection = new Npgsql.NpgsqlConnection(Database.DashboardConnectionString);
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand("SELECT count(*) FROM utterances WHERE utterance_id = $1", connection)
        {
            Parameters = { new Npgsql.NpgsqlParameter<Guid> { TypedValue = id } },
        };
        (await command.ExecuteScalarAsync()).ShouldBe(1L);
    }

    [PostgresFact]
    public async Task Utterance_SentAgain_IsAckedAsDuplicateAndScoredOnce()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var pcm = TestDevice.Pcm(6_400);
        var id = await device.SendUtteranceAsync(pcm);
        await device.StoredAsync(id);
        await device.TranscriptAsync(id);

        await device.SendUtteranceAsync(pcm, id);

        (await device.StoredAsync(id)).Duplicate.ShouldBeTrue();
        Scorer.Calls.Count.ShouldBe(1);
    }

    [PostgresFact]
    public async Task HalfClose_AfterEnd_AnswersAckAndTranscriptThenEndsWithOk()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var id = await device.SendUtteranceAsync(TestDevice.Pcm(6_400));

        await device.HalfCloseAsync();

        await device.StoredAsync(id);
        (await device.TranscriptAsync(id)).Status.ShouldBe(UtteranceStatus.Transcribed);
        (await device.EndAsync()).StatusCode.ShouldBe(StatusCode.OK);
    }

    [PostgresFact]
    public async Task EmptyText_IsEmptyNotTranscribed()
    {
        Scorer.Answer = call => Task.FromResult(Testing.FakeScorer.ScorerReply.Text(call, " "));
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();

        var id = await device.SendUtteranceAsync(TestDevice.Pcm(6_400));
        await device.StoredAsync(id);

        (await device.TranscriptAsync(id)).Status.ShouldBe(UtteranceStatus.Empty);
    }

    [PostgresFact]
    public async Task Heartbeat_Sent_IsAnsweredAndShownInListDevices()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();

        await device.SendAsync(new DeviceMessage { Heartbeat = new Heartbeat { Nonce = 42, SpoolUtterances = 3, Health = { "microphone-silent" } } });

        (await device.NextAsync()).HeartbeatAck.Nonce.ShouldBe(42UL);
        var info = (await silo.NewApi().ListDevicesAsync(new ListDevicesRequest(), silo.ApiHeaders())).Devices.ShouldHaveSingleItem();
        info.Online.ShouldBeTrue();
        info.SpoolUtterances.ShouldBe(3u);
        info.Health.ShouldBe(["microphone-silent"]);
    }

    [PostgresFact]
    public async Task Silence_ForThreeHeartbeats_EndsTheSession()
    {
        await using var silo = await StartSiloAsync(new Dictionary<string, string?> { ["Fleet:Ingest:HeartbeatIntervalMs"] = "100" });
        await using var device = silo.NewDevice();
        await device.ConnectAsync();

        var status = await device.EndAsync();

        status.StatusCode.ShouldBe(StatusCode.Unavailable);
        status.Detail.ShouldContain("Heartbeat");
    }

    [PostgresFact]
    public async Task Watch_FromNow_SeesEachChange()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        using var watch = silo.NewApi().WatchTranscripts(new WatchTranscriptsRequest(), silo.ApiHeaders());
        await watch.ResponseHeadersAsync.WaitAsync(TimeSpan.FromSeconds(10));

        var id = await device.SendUtteranceAsync(TestDevice.Pcm(6_400));

        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        TranscriptRecord last;
        do
        {
            (await watch.ResponseStream.MoveNext(late.Token)).ShouldBeTrue();
            last = watch.ResponseStream.Current.Transcript;
            last.UtteranceId.ShouldBe(id.ToString("D"));
        }
        while (last.Status == UtteranceStatus.Stored);
        last.Text.ShouldBe("heard 6400 bytes");
        watch.ResponseStream.Current.ResumeToken.ShouldNotBeEmpty();
    }

    private static async Task<byte[]> ReadAudioAsync(SiloUnderTest silo, string deviceId, Guid id)
    {
        using var call = silo.NewApi().GetAudio(new GetAudioRequest { DeviceId = deviceId, UtteranceId = id.ToString("D") }, silo.ApiHeaders());
        using var audio = new MemoryStream();
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            call.ResponseStream.Current.Pcm.WriteTo(audio);
        }

        return audio.ToArray();
    }
}
