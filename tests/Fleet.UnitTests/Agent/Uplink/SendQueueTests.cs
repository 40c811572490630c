using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Uplink;
using Fleet.Testing.Time;
using Fleet.V1;

namespace Fleet.UnitTests.Agent.Uplink;

public sealed class SendQueueTests
{
    private const int Credit = 1 << 20;

    private readonly SendQueue _sut = new(new UplinkOptions(), new FakeTimeProvider(), () => 0);

    [Fact]
    public void TryNext_SomebodySpeaksDuringABacklog_LiveGoesFirst()
    {
        _sut.Add(Entry(1, 60_000, isComplete: true));
        _sut.Add(Entry(2, 60_000, isComplete: true));
        _sut.OnSessionOpened(4 << 20);
        Steps(2).ShouldBe([(SendStepKind.Start, 1UL), (SendStepKind.Chunk, 1UL)]);

        var live = Entry(3, 3200, isComplete: false);
        _sut.Add(live);

        Steps(4).ShouldBe([(SendStepKind.Start, 3UL), (SendStepKind.Chunk, 3UL), (SendStepKind.Chunk, 1UL), (SendStepKind.End, 1UL)]);
        Steps(1).ShouldBe([(SendStepKind.Start, 2UL)]);
        live.OnAppended(3200);
        Steps(2).ShouldBe([(SendStepKind.Chunk, 3UL), (SendStepKind.Chunk, 2UL)]);
    }

    [Fact]
    public void TryNext_TwoLongUtterancesAndCreditForOne_TheSecondWaitsUntilTheFirstIsAnswered()
    {
        _sut.Add(Entry(1, 700_000, isComplete: true));
        _sut.Add(Entry(2, 700_000, isComplete: true));
        _sut.OnSessionOpened(Credit);

        All().ShouldAllBe(step => step.Number == 1);
        _sut.UnackedBytes.ShouldBe(700_000);
        _sut.OnAnswered(Id(1)).ShouldNotBeNull();

        All().ShouldAllBe(step => step.Number == 2);
        _sut.UnackedBytes.ShouldBe(700_000);
    }

    [Fact]
    public void TryNext_ManyShortUtterances_AtMostEightAreOpen()
    {
        for (var number = 1UL; number <= 20; number++)
        {
            _sut.Add(Entry(number, 100, isComplete: true));
        }

        _sut.OnSessionOpened(Credit);

        All().Count(step => step.Kind == SendStepKind.Start).ShouldBe(8);
        _sut.OnAnswered(Id(3)).ShouldNotBeNull();
        All().ShouldBe([(SendStepKind.Start, 9UL), (SendStepKind.Chunk, 9UL), (SendStepKind.End, 9UL)]);
    }

    [Fact]
    public void TryNext_SpoolHasDroppedIt_GoesOnWithTheNext()
    {
        var dropped = Entry(1, 100, isComplete: true);
        _sut.Add(dropped);
        _sut.Add(Entry(2, 100, isComplete: true));
        _sut.OnSessionOpened(Credit);
        dropped.TryDrop().ShouldBeTrue();

        All().ShouldAllBe(step => step.Number == 2);
    }

    [Fact]
    public void OnSessionEnded_SomethingInFlight_IsSentAgainFromItsStart()
    {
        var entry = Entry(1, 50_000, isComplete: true);
        _sut.Add(entry);
        _sut.OnSessionOpened(Credit);
        Steps(2);
        entry.TryDrop().ShouldBeFalse();

        _sut.OnSessionEnded();
        _sut.TryNext(out _).ShouldBeFalse();
        _sut.OnSessionOpened(Credit);

        _sut.TryNext(out _).ShouldBeTrue();
        _sut.TryNext(out var chunk).ShouldBeTrue();
        chunk.OffsetBytes.ShouldBe(0);
    }

    [Fact]
    public void TryNext_CloudHasAPart_SendsTheRestAndCountsAllOfIt()
    {
        var entry = Entry(1, 50_000, isComplete: true);
        _sut.Add(entry, isOfAnEarlierRun: true);
        _sut.OnSessionOpened(Credit, canAsk: true);
        _sut.TryNext(out _).ShouldBeFalse();

        _sut.TakeQuestions(256).ShouldBe([Id(1)]);
        _sut.OnPoint(Id(1), isStored: false, 20_000).ShouldBeNull();
        _sut.OnQuestionsAnswered();

        _sut.TryNext(out var start).ShouldBeTrue();
        (start.Kind, start.OffsetBytes).ShouldBe((SendStepKind.Start, 20_000));
        _sut.UnackedBytes.ShouldBe(20_000);
        _sut.TryNext(out var chunk).ShouldBeTrue();
        chunk.OffsetBytes.ShouldBe(20_000);
        All();
        _sut.UnackedBytes.ShouldBe(50_000);
    }

    [Theory]
    [InlineData(50_002)] // more than there is: a power cut took the end
    [InlineData(19_999)] // half a sample
    [InlineData(0)]
    public void TryNext_CloudHasWhatDoesNotFit_SendsItFromItsStart(long receivedBytes)
    {
        _sut.Add(Entry(1, 50_000, isComplete: true), isOfAnEarlierRun: true);
        _sut.OnSessionOpened(Credit, canAsk: true);
        _sut.TakeQuestions(256);
        _sut.OnPoint(Id(1), isStored: false, receivedBytes);

        _sut.TryNext(out var start).ShouldBeTrue();
        start.OffsetBytes.ShouldBe(0);
    }

    [Fact]
    public void TryNext_SomethingIsInQuestion_WhatIsNewGoesFirst()
    {
        _sut.Add(Entry(1, 1000, isComplete: true), isOfAnEarlierRun: true);
        _sut.Add(Entry(2, 3200, isComplete: false));
        _sut.OnSessionOpened(Credit, canAsk: true);
        _sut.TakeQuestions(256).ShouldBe([Id(1)]);

        All().ShouldBe([(SendStepKind.Start, 2UL), (SendStepKind.Chunk, 2UL)]);
    }

    [Fact]
    public void TryNext_CloudHasMoreThanTheWindowAllows_WaitsForALargerOne()
    {
        _sut.Add(Entry(1, 50_000, isComplete: true), isOfAnEarlierRun: true);
        _sut.OnSessionOpened(10_000, canAsk: true);
        _sut.TakeQuestions(256);
        _sut.OnPoint(Id(1), isStored: false, 20_000);

        _sut.TryNext(out _).ShouldBeFalse();
        _sut.SetCredit(50_000);

        All().ShouldBe([(SendStepKind.Start, 1UL), (SendStepKind.Chunk, 1UL), (SendStepKind.End, 1UL)]);
    }

    [Fact]
    public void TakeQuestions_TheOneBeingSpoken_ComesFirst()
    {
        for (var number = 1UL; number <= 300; number++)
        {
            _sut.Add(Entry(number, 1000, isComplete: true), isOfAnEarlierRun: true);
        }

        _sut.Add(Entry(301, 1000, isComplete: false), isOfAnEarlierRun: true);
        _sut.OnSessionOpened(Credit, canAsk: true);

        var ids = _sut.TakeQuestions(256);

        ids.Count.ShouldBe(256);
        ids[0].ShouldBe(Id(301));
        ids[1].ShouldBe(Id(1));
    }

    [Fact]
    public void Add_SomethingOldWhileSomebodySpeaks_DoesNotTakeItsPlace()
    {
        _sut.Add(Entry(5, 3200, isComplete: false));
        _sut.Add(Entry(2, 1000, isComplete: true)); // given back by the spool
        _sut.OnSessionOpened(Credit);

        Steps(2).ShouldBe([(SendStepKind.Start, 5UL), (SendStepKind.Chunk, 5UL)]);
    }

    private static string Id(ulong number) => $"id-{number}";

    private static SpoolEntry Entry(ulong number, long length, bool isComplete) => new(
        new UtteranceStart { UtteranceId = Id(number), SequenceNumber = number },
        "/nowhere",
        headerLength: 16,
        length,
        isComplete ? new SpoolTrailer(length, 0, UtteranceEnd.Types.Reason.Silence) : null);

    private List<(SendStepKind Kind, ulong Number)> Steps(int count)
    {
        var steps = new List<(SendStepKind, ulong)>();
        while (steps.Count < count && _sut.TryNext(out var step))
        {
            steps.Add((step.Kind, step.Entry.SequenceNumber));
        }

        return steps;
    }

    private List<(SendStepKind Kind, ulong Number)> All() => Steps(int.MaxValue);
}
