using Fleet.Scoring.Decoding;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Scoring.Decoding;

public sealed class JobQueueTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Take_ShortAfterLong_PassesIt()
    {
        var sut = new JobQueue(_time);
        var longer = Add(sut, 60);
        var shorter = Add(sut, 2);

        Order(sut, 2).ShouldBe([shorter[0], longer[0]]);
    }

    [Fact]
    public void Take_LongOneThatHasWaited_IsPassedNoMore()
    {
        var sut = new JobQueue(_time);
        var longer = Add(sut, 60);

        // 58 s more audio put the long one back by 14.5 s, whatever comes.
        _time.Advance(TimeSpan.FromSeconds(14));
        var before = Add(sut, 2);
        _time.Advance(TimeSpan.FromSeconds(1));
        var after = Add(sut, 2);

        Order(sut, 3).ShouldBe([before[0], longer[0], after[0]]);
    }

    [Fact]
    public void Take_RequestWithManyRecordings_DoesNotHoldUpOneWithFew()
    {
        var sut = new JobQueue(_time);
        var many = Add(sut, [.. Enumerable.Repeat(4, 20)]);
        _time.Advance(TimeSpan.FromMilliseconds(10));
        var one = Add(sut, 4);

        // Its first recording is due before the other's, the rest after it.
        Order(sut, 3).ShouldBe([many[0], one[0], many[1]]);
    }

    [Fact]
    public void Take_OneRequest_ShortestFirst()
    {
        var sut = new JobQueue(_time);
        var jobs = Add(sut, 9, 1, 5);

        Order(sut, 3).ShouldBe([jobs[1], jobs[2], jobs[0]]);
    }

    [Fact]
    public void Take_Batch_HasOneBucketAndItsLimits()
    {
        var sut = new JobQueue(_time);
        var (first, other, second, third) = (Job(3, bucket: 1), Job(3, bucket: 2), Job(3, bucket: 1), Job(3, bucket: 1));
        foreach (var job in new[] { first, other, second, third })
        {
            sut.Add([job]);
        }

        sut.Take(maxCount: 2, maxSamples: 100 * 16_000).ShouldBe([first, second]);
        sut.Take(maxCount: 8, maxSamples: 100 * 16_000).ShouldBe([other]);
        sut.Add([first]);
        sut.Take(maxCount: 8, maxSamples: 5 * 16_000).ShouldHaveSingleItem();
        sut.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Take_Empty_WaitsForWorkAndEndsWithTheQueue()
    {
        var sut = new JobQueue(_time);
        var taking = Task.Run(() => sut.Take(1, long.MaxValue));
        var job = Add(sut, 1)[0];
        (await taking.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe([job]);

        var left = Add(sut, 1)[0];
        sut.Close();

        sut.Take(1, long.MaxValue).ShouldBe([left], "what was let in is still given out");
        sut.Take(1, long.MaxValue).ShouldBeEmpty();
    }

    [Fact]
    public void Remove_Abandoned_IsGivenToNobody()
    {
        var sut = new JobQueue(_time);
        var jobs = Add(sut, 1, 2);

        sut.Remove(jobs[0]).ShouldBeTrue();
        sut.Remove(jobs[0]).ShouldBeFalse();

        sut.Take(8, long.MaxValue).ShouldBe([jobs[1]]);
    }

    private static DecodeJob[] Add(JobQueue queue, params int[] seconds)
    {
        DecodeJob[] jobs = [.. seconds.Select(length => Job(length))];
        queue.Add(jobs);
        return jobs;
    }

    private static DecodeJob Job(int seconds, int bucket = 0) => new(new short[seconds * 16_000], bucket, requestId: null, CancellationToken.None);

    private static DecodeJob[] Order(JobQueue queue, int count) => [.. Enumerable.Range(0, count).Select(_ => queue.Take(1, long.MaxValue).Single())];
}
