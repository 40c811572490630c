using Fleet.Silo.Transcription;

namespace Fleet.UnitTests.Silo.Transcription.Batching;

public sealed class BatchSizeTests
{
    private readonly BatchSize _sut = new(new BatchBounds(32, 120, 8_000_000));

    [Fact]
    public void Answered_BeginsSmallAndDoubles()
    {
        List<int> sizes = [];
        for (var i = 0; i < 5; i++)
        {
            sizes.Add(_sut.Bounds.Utterances);
            _sut.OnAnswered(_sut.Bounds.Utterances, 1_000);
        }

        sizes.ShouldBe([8, 16, 32, 32, 32]);
    }

    [Fact]
    public void Answered_SmallerThanItMayBe_SaysNothing()
    {
        _sut.OnAnswered(7, 1_000);

        _sut.Bounds.Utterances.ShouldBe(8);
    }

    [Fact]
    public void TimedOut_HalvesAndGrowsBackSlowly()
    {
        Enumerable.Range(0, 3).ToList().ForEach(_ => _sut.OnAnswered(_sut.Bounds.Utterances, 1_000));
        _sut.OnTimedOut(20);
        _sut.Bounds.Utterances.ShouldBe(10);

        for (var i = 0; i < 10; i++)
        {
            _sut.OnAnswered(10, 1_000);
        }

        _sut.Bounds.Utterances.ShouldBeInRange(10, 11);
        Enumerable.Range(0, 2_000).ToList().ForEach(_ => _sut.OnAnswered(_sut.Bounds.Utterances, 1_000));
        _sut.Bounds.Utterances.ShouldBe(32);
    }

    [Fact]
    public void TimedOut_Alone_LeavesOne()
    {
        _sut.OnTimedOut(1);

        _sut.Bounds.Utterances.ShouldBe(1);
    }

    [Fact]
    public void Answered_NearTheBytesThatItMayHave_MayHaveTwiceAsMany()
    {
        _sut.Bounds.RequestBytes.ShouldBe(2_000_000);
        _sut.OnAnswered(4, 1_400_000);
        _sut.Bounds.RequestBytes.ShouldBe(2_000_000);
        _sut.OnAnswered(4, 1_900_000);
        _sut.Bounds.RequestBytes.ShouldBe(4_000_000);
        _sut.OnAnswered(4, 3_900_000);
        _sut.OnAnswered(4, 7_900_000);
        _sut.Bounds.RequestBytes.ShouldBe(8_000_000);

        // What is refused once is not tried again.
        _sut.OnTooLarge(4_000_000, 4);
        _sut.OnAnswered(4, 2_900_000);
        _sut.Bounds.RequestBytes.ShouldBe(3_000_000);
    }

    [Fact]
    public void TooLarge_StaysBelowWhatWasRefused()
    {
        _sut.OnTooLarge(1_000_000, 9);
        _sut.Bounds.RequestBytes.ShouldBe(750_000);

        _sut.OnTooLarge(900_000, 1); // one alone cannot be made smaller
        _sut.Bounds.RequestBytes.ShouldBe(750_000);
    }
}
