using Fleet.Storage;

namespace Fleet.UnitTests.Storage.Feed;

public sealed class FeedPositionTests
{
    [Fact]
    public void ToToken_AnyPosition_IsReadBack()
    {
        FeedPosition[] positions =
        [
            FeedPosition.Start,
            new(1, Guid.Empty, ""),
            new(ulong.MaxValue, Guid.CreateVersion7(), "pi-kitchen_2.a"),
            new(7, Guid.NewGuid(), new string('x', 64)),
        ];

        foreach (FeedPosition position in positions)
        {
            FeedPosition.TryParse(position.ToToken(), out FeedPosition read).ShouldBeTrue();
            read.ShouldBe(position);
        }

        FeedPosition.Start.ToToken().ShouldBe("0");
        FeedPosition.Start.ShouldBe(default);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("not a token!")]
    [InlineData("AAAA")]
    [InlineData("AgAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAA")]
    public void TryParse_AnythingElse_IsFalse(string? token) => FeedPosition.TryParse(token, out _).ShouldBeFalse();

    [Fact]
    public void TryParse_TooLong_IsFalse() => FeedPosition.TryParse(new string('A', 100_000), out _).ShouldBeFalse();

    [Fact]
    public void CompareTo_Positions_IsTheOrderOfTheDatabase()
    {
        FeedPosition[] ordered =
        [
            FeedPosition.Start,
            new(5, Guid.Empty, ""),
            new(5, Guid.Parse("01000000-0000-7000-8000-000000000000"), "b"),
            new(5, Guid.Parse("01000000-0000-7000-8000-000000000001"), "a"),
            new(5, Guid.Parse("7f000000-0000-7000-8000-000000000000"), "a"),
            new(5, Guid.Parse("ff000000-0000-7000-8000-000000000000"), "Z"),
            new(5, Guid.Parse("ff000000-0000-7000-8000-000000000000"), "a"),
            new(6, Guid.Empty, ""),
        ];

        ordered.Reverse().Order().ShouldBe(ordered);
        (ordered[1] < ordered[2] && ordered[2] > ordered[1] && ordered[2] >= ordered[2] && ordered[2] <= ordered[3]).ShouldBeTrue();
    }
}
