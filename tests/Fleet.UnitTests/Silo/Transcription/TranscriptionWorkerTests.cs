using Fleet.Silo.Ingest;
using Fleet.Silo.Transcription;
using Fleet.V1;

namespace Fleet.UnitTests.Silo.Transcription;

/// <summary>What becomes of utterances, over hours of a clock that only the test moves.</summary>
public sealed class TranscriptionWorkerTests : IAsyncDisposable
{
    private readonly TranscriberFixture _fleet = new();

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    [Theory]
    [InlineData(nameof(ScoreOutcome.Failed))]
    [InlineData(nameof(ScoreOutcome.Refused))]
    [InlineData(nameof(ScoreOutcome.Away))]
    public async Task Outage_OfSixHours_EndsNothingAsFailed(string outage)
    {
        var back = _fleet.Time.GetUtcNow().AddHours(6);
        _fleet.Client.Answer = _ => _fleet.Time.GetUtcNow() < back ? new ScoreResult(Enum.Parse<ScoreOutcome>(outage)) { Reason = "down" } : FakeScoringClient.Heard("at last");
        _fleet.Add(3);
        await _fleet.StartAsync();

        var ends = await _fleet.EndsAsync(3);

        ends.ShouldAllBe(end => end.Status == UtteranceStatus.Transcribed && end.Text == "at last");
        _fleet.Time.GetUtcNow().ShouldBeGreaterThanOrEqualTo(back);
        _fleet.Memory.HeldBytes.ShouldBe(0);
    }

    [Fact]
    public async Task Endpoint_ComesAndGoesForHours_EndsNothingAsFailed()
    {
        // All calls fail but for half of the canary's: nothing says that the endpoint works for long.
        var random = new Random(4711);
        var back = _fleet.Time.GetUtcNow().AddHours(2);
        _fleet.Client.Answer = id => _fleet.Time.GetUtcNow() < back && (id != EndpointCanary.Id || random.Next(2) == 0)
            ? ScoreResult.Failed("500") : FakeScoringClient.Heard("at last");
        _fleet.Add(1);
        await _fleet.StartAsync();

        var ends = await _fleet.EndsAsync(1);

        ends.ShouldAllBe(end => end.Status == UtteranceStatus.Transcribed);
    }

    [Fact]
    public async Task Utterance_ThatAloneFails_IsGivenUpAfterFiveMinutesWithoutAnyOther()
    {
        var started = _fleet.Time.GetUtcNow();
        _fleet.Client.Answer = id => id == EndpointCanary.Id ? FakeScoringClient.Heard("") : ScoreResult.Failed("The endpoint answered 500: boom");
        _fleet.Add(1);
        await _fleet.StartAsync();

        var end = (await _fleet.EndsAsync(1)).ShouldHaveSingleItem();

        end.Status.ShouldBe(UtteranceStatus.Failed);
        end.Reason.ShouldBe("The endpoint answered 500: boom");
        (_fleet.Time.GetUtcNow() - started).ShouldBeInRange(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(6));
        _fleet.Memory.HeldBytes.ShouldBe(0);
    }

    [Fact]
    public async Task Utterances_ThatFail_DoNotHoldUpTheOthers()
    {
        var poisoned = _fleet.Add(6).ToHashSet();
        _fleet.Client.Answer = id => poisoned.Contains(id) ? ScoreResult.Failed("500") : FakeScoringClient.Heard("fine");
        await _fleet.StartAsync();
        await _fleet.Time.WaitForTimersAsync(1);

        var good = _fleet.Add(1).Single();

        // Not a millisecond has passed.
        (await _fleet.NextAsync()).Key.UtteranceId.ShouldBe(good);
    }

    [Fact]
    public async Task Batch_OfTheFormatWithoutErrorsOfItems_LosesOnlyThePoisonedOne()
    {
        // The first call is the batch that waited at the start; its fault is the poisoned one's.
        var ids = _fleet.Add(16);
        var poisoned = ids[5];
        _fleet.Client.Answer = id => id == poisoned ? ScoreResult.Refused("The model answered 400: bad") : FakeScoringClient.Heard("fine");
        await _fleet.StartAsync();

        var ends = await _fleet.EndsAsync(16);

        ends.Where(end => end.Status == UtteranceStatus.Failed).ShouldHaveSingleItem().Key.UtteranceId.ShouldBe(poisoned);
        ends.Count(end => end.Status == UtteranceStatus.Transcribed).ShouldBe(15);
        // Two batches of eight at the most, and 2 log2(8) to find it.
        _fleet.Client.Calls.Count.ShouldBeLessThanOrEqualTo(2 + 6);
    }

    [Fact]
    public async Task IdleEndpoint_LoneUtterance_LeavesAtOnce()
    {
        _fleet.Client.Answer = _ => FakeScoringClient.Heard("now");
        await _fleet.StartAsync();

        _fleet.Add(1);

        var end = await _fleet.NextAsync();
        end.Text.ShouldBe("now");
        end.RequestId.ShouldNotBeNull().Length.ShouldBeLessThanOrEqualTo(40);
        _fleet.Client.RequestIds.ShouldBe([end.RequestId]);
    }

    [Fact]
    public async Task BusyEndpoint_WhatWaits_GoesTogether()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _fleet.Client.Gate = gate.Task;
        _fleet.Client.Answer = _ => FakeScoringClient.Heard("x");
        await _fleet.StartAsync();
        await FillAsync(2);

        _fleet.Add(10);
        gate.SetResult();
        for (var i = 0; i < 12; i++)
        {
            await _fleet.NextAsync();
        }

        _fleet.Client.Calls.Skip(2).Sum(call => call.Count).ShouldBe(10);
        // Four at a time at first, shared by two places.
        _fleet.Client.Calls.Skip(2).Count().ShouldBeLessThanOrEqualTo(4);
    }

    [Fact]
    public async Task BusyEndpoint_OldestHasWaitedForLong_LeavesAllTheSame()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _fleet.Client.Gate = gate.Task;
        await _fleet.StartAsync();
        await FillAsync(2);
        _fleet.Add(3);
        await _fleet.Time.WaitForTimersAsync(1);
        _fleet.Client.Calls.Count.ShouldBe(2);

        _fleet.Time.Advance(TimeSpan.FromSeconds(2));

        await CallsAsync(3);
        _fleet.Client.Calls.Last().Count.ShouldBe(3);
        gate.SetResult();
    }

    [Fact]
    public async Task TimeOut_IsRetriedOnceAndSmaller_ThenRests()
    {
        _fleet.Client.Whole = ids => ids[0] == EndpointCanary.Id ? null : CallResult.Of(CallFault.TimedOut, "The endpoint gave no answer within 60 s.");
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _fleet.Client.Gate = gate.Task;
        await _fleet.StartAsync();
        await FillAsync(2);
        _fleet.Add(8, device: "other");
        gate.SetResult();
        await CallsAsync(3);

        for (var i = 0; i < 3; i++)
        {
            await _fleet.Time.WaitForTimersAsync(1);
            _fleet.Time.Advance(TimeSpan.FromSeconds(10));
        }

        // Nobody was sent more than twice within half a minute, and no second call was as large as the first.
        _fleet.Client.Calls.SelectMany(call => call).GroupBy(id => id).Max(calls => calls.Count()).ShouldBeLessThanOrEqualTo(2);
        _fleet.Client.Calls.Skip(3).ShouldAllBe(call => call.Count <= 4);
    }

    [Fact]
    public async Task LateUtterancesOfAnAnswer_AreSentAgainInSmallerCalls_AndTheOthersAreDone()
    {
        _fleet.Client.Whole = ids => ids.Count < 4 ? null : new CallResult
        {
            Status = 200,
            Items = [.. ids.Select((id, i) => i < 2 ? FakeScoringClient.Heard("in time") : ScoreResult.Failed("no time") with { IsLate = true })],
        };
        _fleet.Client.Answer = _ => FakeScoringClient.Heard("later");
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _fleet.Client.Gate = gate.Task;
        _fleet.Add(8);
        await _fleet.StartAsync();
        // Both calls of four are under way before one is answered: after that they are smaller.
        await CallsAsync(2);
        gate.SetResult();

        var ends = await _fleet.EndsAsync(8);

        ends.Count(end => end.Text == "in time").ShouldBe(4);
        ends.Count(end => end.Text == "later").ShouldBe(4);
        _fleet.Client.Calls.Skip(2).ShouldAllBe(call => call.Count <= 2);
    }

    [Fact]
    public async Task AfterTimeOutsOfAll_WithoutFreshOnes_TheRestGoesAtTheEndpointsPace()
    {
        var isSlow = true;
        _fleet.Client.Whole = ids => isSlow && ids[0] != EndpointCanary.Id ? CallResult.Of(CallFault.TimedOut, "late") : null;
        _fleet.Add(60);
        await _fleet.StartAsync();
        await _fleet.UntilAsync(() => _fleet.Client.Calls.SelectMany(call => call).Distinct().Count() == 60, TimeSpan.FromSeconds(1));
        isSlow = false;
        var back = _fleet.Time.GetUtcNow();

        await _fleet.UntilAsync(() => _fleet.Store.Completed.Reader.Count == 60, TimeSpan.FromSeconds(1));

        // They rest for a minute after a second time-out; a call in ten seconds would take ten minutes.
        (_fleet.Time.GetUtcNow() - back).ShouldBeLessThan(TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task Overload_OfEveryCall_CostsATenthMoreCalls()
    {
        _fleet.Client.Whole = ids => ids[0] == EndpointCanary.Id ? null : CallResult.Of(CallFault.Unavailable, "503") with { Status = 503 };
        await _fleet.StartAsync();

        var started = _fleet.Time.GetUtcNow();
        for (var i = 0; i < 60; i++)
        {
            // A call waits for its repeat, which the clock must let come.
            var id = _fleet.Add(1, device: $"pi-{i}").Single();
            await _fleet.UntilAsync(() => _fleet.Client.Calls.Any(call => call.Contains(id)), TimeSpan.FromMilliseconds(50));
        }

        // Sixty first calls: six more, the one that is given, and one more for each MaxBackOff that passed.
        _fleet.Client.Calls.Count.ShouldBeLessThanOrEqualTo(67 + (int)((_fleet.Time.GetUtcNow() - started) / TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Background_TakesTurnsOnlyWhereLiveSpeechLeavesRoom()
    {
        _fleet.Client.Answer = _ => FakeScoringClient.Heard("old");
        var background = new BackgroundTranscriber(_fleet.Queue, _fleet.Deployments, _fleet.Memory);
        using var audio = PooledAudio.CopyOf(new byte[320], _fleet.Memory);
        var recording = Guid.NewGuid();
        var result = background.TranscribeAsync(recording, audio, "", CancellationToken.None);
        var live = _fleet.Add(5);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _fleet.Client.Gate = gate.Task;

        await _fleet.StartAsync();
        await CallsAsync(2);
        _fleet.Client.Calls.SelectMany(static call => call).ShouldBe(live, ignoreOrder: true);
        gate.SetResult();
        await _fleet.EndsAsync(5);

        (await result).Text.ShouldBe("old");
        _fleet.Client.Calls.Last().ShouldBe([recording]);
        _fleet.Memory.HeldBytes.ShouldBe(320);
    }

    [Fact]
    public async Task Background_WrongDeploymentOrGivenUp_EndsAndLeavesNothing()
    {
        var background = new BackgroundTranscriber(_fleet.Queue, _fleet.Deployments, _fleet.Memory);
        using var audio = PooledAudio.CopyOf(new byte[320], _fleet.Memory);
        using var giveUp = new CancellationTokenSource();

        (await background.TranscribeAsync(Guid.NewGuid(), audio, "green", CancellationToken.None)).Reason.ShouldContain("take one of default");
        var waiting = background.TranscribeAsync(Guid.NewGuid(), audio, "default", giveUp.Token);
        await giveUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(waiting);
        _fleet.Queue.BackgroundWaiting.ShouldBe(0);
        _fleet.Memory.HeldBytes.ShouldBe(320);
    }

    // One call each, until no place is free.
    private async Task FillAsync(int places)
    {
        for (var i = 1; i <= places; i++)
        {
            _fleet.Add(1);
            await CallsAsync(i);
        }
    }

    private async Task CallsAsync(int count)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (_fleet.Client.Calls.Count < count)
        {
            late.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
