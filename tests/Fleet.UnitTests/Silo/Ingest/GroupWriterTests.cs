using System.Collections.Concurrent;
using System.Threading.Channels;
using Fleet.Silo.Ingest;
using Fleet.Silo.Membership;
using Fleet.Storage;
using Fleet.Testing.Time;
using Microsoft.Extensions.Options;

namespace Fleet.UnitTests.Silo.Ingest;

/// <summary>How groups are made, whatever is in them.</summary>
public sealed class GroupWriterTests : IAsyncDisposable
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly SiloStatus _status = new(Options.Create(new SiloOptions()));
    private TestWriter? _sut;

    public async ValueTask DisposeAsync()
    {
        if (_sut is not null)
        {
            await _sut.StopAsync(CancellationToken.None);
            _sut.Dispose();
        }

        _status.Dispose();
    }

    [Fact]
    public async Task Lone_IsCommittedWithoutATimer()
    {
        var sut = await StartAsync(maxAgeMs: 50);
        _status.SetMember(1);

        sut.TryEnqueue(new Item(10)).ShouldBeTrue();

        await AnsweredAsync(1);
        sut.GroupSizes.ShouldBe([1]);
        sut.UnansweredCount.ShouldBe(0);
    }

    [Fact]
    public async Task WhatIsThere_SharesACommitUpToCountAndBytes()
    {
        var sut = await StartAsync();
        for (var i = 0; i < 9; i++)
        {
            sut.TryEnqueue(new Item(10)).ShouldBeTrue();
        }

        sut.TryEnqueue(new Item(900)).ShouldBeTrue();
        sut.TryEnqueue(new Item(900)).ShouldBeTrue();
        _status.SetMember(1);

        await AnsweredAsync(11);
        sut.GroupSizes.ShouldBe([4, 4, 2, 1]);
    }

    [Fact]
    public async Task MoreThanAGroupMayHave_GoesAlone()
    {
        var sut = await StartAsync();
        sut.TryEnqueue(new Item(5_000)).ShouldBeTrue();
        _status.SetMember(1);

        await AnsweredAsync(1);
        sut.GroupSizes.ShouldBe([1]);
    }

    [Fact]
    public async Task SameTwice_GoesIntoTwoCommits()
    {
        var sut = await StartAsync();
        var twin = new Item(10);
        sut.TryEnqueue(twin).ShouldBeTrue();
        sut.TryEnqueue(new Item(10) { Key = twin.Key }).ShouldBeTrue();
        _status.SetMember(1);

        await AnsweredAsync(2);
        sut.GroupSizes.ShouldBe([1, 1]);
    }

    [Fact]
    public async Task DatabaseAway_TheSameGroupIsTriedAgainAndNothingAnsweredUntilItIsBack()
    {
        var sut = await StartAsync();
        sut.Failures = 2;
        _status.SetMember(1);
        sut.TryEnqueue(new Item(10)).ShouldBeTrue();

        await _time.WaitForTimersAsync(1);
        // The first pause is at most 100 ms, the second at least 100 ms.
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await _time.WaitForTimersAsync(1);
        (sut.UnansweredCount, sut.HeldFor).ShouldBe((1, null));
        _time.Advance(TimeSpan.FromSeconds(5));

        await AnsweredAsync(1);
        sut.NotStored.ShouldBe([true, false]);
        sut.HeldFor.ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(300));
        sut.GroupSizes.ShouldBe([1]);
    }

    [Fact]
    public async Task Load_WithAnAge_WaitsForCompanyUntilTheOldestIsSoOldOrTheGroupIsFull()
    {
        var sut = await StartAsync(maxAgeMs: 50);
        sut.TryEnqueue(new Item(10)).ShouldBeTrue();
        sut.TryEnqueue(new Item(10)).ShouldBeTrue();
        _status.SetMember(1);
        await AnsweredAsync(2);

        // The group before had two: this one waits.
        sut.TryEnqueue(new Item(10, _time.GetTimestamp())).ShouldBeTrue();
        await _time.WaitForTimersAsync(1);
        sut.UnansweredCount.ShouldBe(1);
        sut.TryEnqueue(new Item(10, _time.GetTimestamp())).ShouldBeTrue();
        _time.Advance(TimeSpan.FromMilliseconds(50));
        await AnsweredAsync(2);

        // Full before it is old: no time passes.
        for (var i = 0; i < 4; i++)
        {
            sut.TryEnqueue(new Item(10, _time.GetTimestamp())).ShouldBeTrue();
        }

        await AnsweredAsync(4);
        sut.GroupSizes.Sum().ShouldBe(8);
        sut.GroupSizes.Count.ShouldBeLessThanOrEqualTo(4);
    }

    [Fact]
    public async Task QueueFull_RefusesRatherThanWaits_AndAStopAbandonsWhatIsHeld()
    {
        var sut = await StartAsync();
        for (var i = 0; i < 16; i++)
        {
            sut.TryEnqueue(new Item(10)).ShouldBeTrue();
        }

        sut.TryEnqueue(new Item(10)).ShouldBeFalse();
        sut.UnansweredCount.ShouldBe(16);
        sut.Failures = int.MaxValue;
        _status.SetMember(1);
        await _time.WaitForTimersAsync(1);

        await sut.StopAsync(CancellationToken.None);
        sut.Answered.Reader.TryRead(out _).ShouldBeFalse();
        sut.Abandoned.ShouldBe(16);
    }

    private async Task<TestWriter> StartAsync(int maxAgeMs = 0)
    {
        var options = new IngestOptions { CommitMaxUtterances = 4, CommitMaxBytes = 1_000, CommitQueueUtterances = 16, CommitMaxAgeMs = maxAgeMs };
        _sut = new TestWriter(_status, options, _time);
        await _sut.StartAsync(CancellationToken.None);
        return _sut;
    }

    private async Task AnsweredAsync(int count)
    {
        using var late = new CancellationTokenSource(_deadline);
        for (var i = 0; i < count; i++)
        {
            await _sut!.Answered.Reader.ReadAsync(late.Token); // started by the test
        }
    }

    private sealed record Item(long Bytes, long ReceivedAt = 0)
    {
        public UtteranceKey Key { get; init; } = new("pi", Guid.NewGuid());
    }

    private sealed class TestWriter(SiloStatus status, IngestOptions options, TimeProvider time) : GroupWriter<Item>(status, options, time)
    {
        public int Failures { get; set; }

        public ConcurrentQueue<int> GroupSizes { get; } = [];

        public ConcurrentQueue<bool> NotStored { get; } = [];

        public TimeSpan? HeldFor { get; private set; }

        public int Abandoned { get; private set; }

        public Channel<Item> Answered { get; } = Channel.CreateBounded<Item>(100);

        protected override UtteranceKey KeyOf(Item item) => item.Key;

        protected override long BytesOf(Item item) => item.Bytes;

        protected override long ReceivedAt(Item item) => item.ReceivedAt;

        protected override async Task CommitAsync(List<Item> group, CancellationToken cancellationToken)
        {
            await StoreUntilDoneAsync(
                _ => Failures-- > 0 ? Task.FromException<int>(new StorageUnavailableException("away", new TimeoutException())) : Task.FromResult(group.Count),
                group.Count,
                cancellationToken);
            GroupSizes.Enqueue(group.Count);
            foreach (var item in group)
            {
                CountAnswer();
                await Answered.Writer.WriteAsync(item, cancellationToken);
            }
        }

        protected override void OnNotStored(Exception exception, bool isFirst) => NotStored.Enqueue(isFirst);

        protected override void OnStored(int count, TimeSpan took, TimeSpan? heldFor) => HeldFor = heldFor;

        protected override void Abandon(Item item) => Abandoned++;
    }
}
