using Fleet.Testing;
using Fleet.Testing.FakeScorer;
using Fleet.V1;

namespace Fleet.IntegrationTests.Silo;

public sealed class TranscriptionTests : SiloTestBase
{
    [PostgresFact]
    public async Task Endpoint_RefusesTheItem_UtteranceIsFailedWithReason()
    {
        Scorer.Answer = call => Task.FromResult(call.Pcm.Length == 320 ? new ScorerReply(400, "too quiet") : ScorerReply.Error(call, "not speech"));
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();

        var first = await device.SendUtteranceAsync(TestDevice.Pcm(320));
        await device.StoredAsync(first);
        var refused = await device.TranscriptAsync(first);
        var second = await device.SendUtteranceAsync(TestDevice.Pcm(640));
        await device.StoredAsync(second);
        var error = await device.TranscriptAsync(second);

        refused.Status.ShouldBe(UtteranceStatus.Failed);
        refused.Reason.ShouldContain("too quiet");
        error.Status.ShouldBe(UtteranceStatus.Failed);
        error.Reason.ShouldContain("not speech");
        // The first one twice, each time followed by the question whether the endpoint refuses everything.
        Scorer.Calls.Count.ShouldBe(5);
    }

    [PostgresFact]
    public async Task Endpoint_SaysThatItTakesGzip_GetsItUntilItNoLongerDoes()
    {
        Scorer.TakesGzip = true;
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();

        var first = await HeardAsync();
        var second = await HeardAsync();
        Scorer.TakesGzip = false; // Another image under the same address.
        var third = await HeardAsync();
        var fourth = await HeardAsync();

        new[] { first, second, third, fourth }.ShouldAllBe(static text => text == "heard 3200 bytes");
        Scorer.Calls.Select(static call => call.IsCompressed).ShouldBe([false, true, false, false]);
        Scorer.UnreadableBodies.ShouldBe(1);

        async Task<string> HeardAsync()
        {
            var id = await device.SendUtteranceAsync(TestDevice.Pcm(3_200));
            await device.StoredAsync(id);
            return (await device.TranscriptAsync(id)).Text;
        }
    }

    [PostgresFact]
    public async Task Endpoint_BusyOrBroken_IsAskedAgainUntilItAnswers()
    {
        var troubles = new Queue<ScorerReply>(
        [
            new(429, ""),
            new(503, "") { Headers = new Dictionary<string, string> { ["Retry-After"] = "1" } },
            new(500, "boom"),
            new(424, "") { Headers = new Dictionary<string, string> { ["ms-azureml-model-error-statuscode"] = "500" } },
            new(408, ""),
            new(200, "not json"),
        ]);
        Scorer.Answer = call => Task.FromResult(troubles.TryDequeue(out var trouble) ? trouble : ScorerReply.Text(call, "at last"));
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice();
        await device.ConnectAsync();

        var id = await device.SendUtteranceAsync(TestDevice.Pcm(320));
        await device.StoredAsync(id);

        (await device.TranscriptAsync(id)).Text.ShouldBe("at last");
        troubles.ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task Endpoint_KeepsFailingAtOneWhileOthersSucceed_GivesThatOneUp()
    {
        Scorer.Answer = call => Task.FromResult(call.Pcm.Length == 666 ? new ScorerReply(500, "crash") : ScorerReply.Text(call, "fine"));
        await using var silo = await StartSiloAsync(new Dictionary<string, string?> { ["Fleet:Scoring:MaxAttempts"] = "2", ["Fleet:Scoring:GiveUpAfterSeconds"] = "0" });
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var poisoned = await device.SendUtteranceAsync(TestDevice.Pcm(666));
        await device.StoredAsync(poisoned);

        // It rests between its attempts, however fast the others come and go.
        var failed = default(Transcript);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (failed is null)
        {
            late.Token.ThrowIfCancellationRequested();
            await device.SendUtteranceAsync(TestDevice.Pcm(320));
            CloudMessage message;
            do
            {
                message = await device.NextAsync();
                if (message.KindCase == CloudMessage.KindOneofCase.Transcript && message.Transcript.UtteranceId == poisoned.ToString("D"))
                {
                    failed = message.Transcript;
                }
            }
            while (message.KindCase != CloudMessage.KindOneofCase.Transcript);
        }

        failed.ShouldNotBeNull().Status.ShouldBe(UtteranceStatus.Failed);
        failed.Reason.ShouldContain("crash");
    }

    [PostgresFact]
    public async Task Endpoint_RotatesItsKey_FileIsReadAgain()
    {
        var keyFile = Path.GetTempFileName();
        await File.WriteAllTextAsync(keyFile, "first\n");
        var expected = "first";
        Scorer.Answer = call => Task.FromResult(
            call.Authorization == $"Bearer {expected}" ? ScorerReply.Text(call, "ok") : new ScorerReply(401, ""));
        await using var silo = await StartSiloAsync(new Dictionary<string, string?> { ["Fleet:Scoring:KeyFile"] = keyFile });
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var id = await device.SendUtteranceAsync(TestDevice.Pcm(320));
        await device.StoredAsync(id);
        await device.TranscriptAsync(id);

        expected = "second";
        await File.WriteAllTextAsync(keyFile, "second\n");
        id = await device.SendUtteranceAsync(TestDevice.Pcm(320));
        await device.StoredAsync(id);

        (await device.TranscriptAsync(id)).Text.ShouldBe("ok");
        Scorer.Calls.Count.ShouldBe(3);
        File.Delete(keyFile);
    }

    [PostgresFact]
    public async Task Format_Single_SendsTheTutorialsBody()
    {
        Scorer.Answer = _ => Task.FromResult(new ScorerReply(200, """{"result":"THE TEXT"}"""));
        await using var silo = await StartSiloAsync(new Dictionary<string, string?> { ["Fleet:Scoring:Format"] = "single" });
        await using var device = silo.NewDevice();
        await device.ConnectAsync();

        var id = await device.SendUtteranceAsync([0x00, 0x40, 0x00, 0xC0, 0x00, 0x80]);
        await device.StoredAsync(id);

        (await device.TranscriptAsync(id)).Text.ShouldBe("THE TEXT");
        Scorer.Calls.ShouldHaveSingleItem().Samples.ShouldBe([0.5f, -0.5f, -1f]);
    }

    [PostgresFact]
    public async Task Transcript_AfterReconnect_GoesDownTheNewSession()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Scorer.Answer = async call =>
        {
            await release.Task;
            return ScorerReply.Text(call, "late");
        };
        await using var silo = await StartSiloAsync();
        await using var older = silo.NewDevice();
        await older.ConnectAsync();
        var id = await older.SendUtteranceAsync(TestDevice.Pcm(320));
        await older.StoredAsync(id);
        await using var newer = silo.NewDevice(older.DeviceId, older.InstallId);
        await newer.ConnectAsync();

        release.SetResult();

        (await newer.TranscriptAsync(id)).Text.ShouldBe("late");
    }
}
