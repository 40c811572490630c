using Fleet.Storage;

namespace Fleet.UnitTests.Storage.History;

public sealed class SnippetTests
{
    [Fact]
    public void FromHeadline_Marked_IsSplit()
    {
        Snippet.FromHeadline("turn \uE000it\uE001 \uE000on\uE001", "turn it on").ShouldBe(
            [new TextSegment("turn ", false), new TextSegment("it", true), new TextSegment(" ", false), new TextSegment("on", true)]);
        Snippet.FromHeadline("\uE000all\uE001", "all").ShouldBe([new TextSegment("all", true)]);
    }

    [Fact]
    public void FromHeadline_SomethingIsMissing_IsTheWholeTextUnmarked() =>
        Snippet.FromHeadline("\uE000light\uE001", "<b>light</b>").ShouldBe([new TextSegment("<b>light</b>", false)]);

    [Fact]
    public void Plain_Empty_IsNothing() => Snippet.Plain("").ShouldBeEmpty();
}
