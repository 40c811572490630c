using Fleet.Storage;

namespace Fleet.UnitTests.Storage.Database;

public sealed class DatabaseTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("smile 😀", "smile 😀")]
    [InlineData("a\0b", "a\uFFFDb")]
    public void Sanitize_Text_IsWhatUtf8CanHold(string text, string expected) => DatabaseText.Sanitize(text, 100).ShouldBe(expected);

    // Not a theory: attributes are kept as UTF-8, which has no lone surrogates either.
    [Fact]
    public void Sanitize_LoneSurrogates_AreReplaced()
    {
        DatabaseText.Sanitize("\uD83D", 100).ShouldBe("\uFFFD");
        DatabaseText.Sanitize("\uDE00\uD83D", 100).ShouldBe("\uFFFD\uFFFD");
        DatabaseText.Sanitize("\uD83D\uD83D\uDE00", 100).ShouldBe("\uFFFD😀");
    }

    [Fact]
    public void Sanitize_TooLong_IsCutBetweenCharacters()
    {
        DatabaseText.Sanitize("abc😀", 4).ShouldBe("abc");
        DatabaseText.Sanitize("abc😀", 5).ShouldBe("abc😀");
        DatabaseText.Sanitize("abcdef", 4).ShouldBe("abcd");
        DatabaseText.Sanitize(null, 4).ShouldBeNull();
    }

    [Fact]
    public void Sanitize_NothingToDo_IsTheSameString()
    {
        string text = new('x', 10);

        DatabaseText.Sanitize(text, 10).ShouldBeSameAs(text);
        DatabaseText.IsStorable(text).ShouldBeTrue();
        DatabaseText.IsStorable("\0").ShouldBeFalse();
    }
}
