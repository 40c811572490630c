using Fleet.Dashboard.Components.Parts;
using Fleet.Storage;

namespace Fleet.UnitTests.Dashboard.Components.Parts;

public sealed class ExcerptTests
{
    private const int MaxLength = 200;

    private static readonly string _long = string.Join(' ', Enumerable.Range(1, 200).Select(number => $"word{number}"));

    [Fact]
    public void Of_ShortText_IsTheText()
    {
        TextSegment[] segments = [new("turn on the ", false), new("lights", true)];

        Excerpt.Of(segments, MaxLength).ShouldBe(segments);
    }

    [Fact]
    public void Of_LongTextWithoutAMatch_IsItsBeginning()
    {
        var shown = Excerpt.Of([new TextSegment(_long, false)], MaxLength);

        string.Concat(shown.Select(segment => segment.Text)).ShouldBe(string.Concat(_long.AsSpan(0, _long.LastIndexOf(' ', MaxLength)), "…"));
    }

    [Fact]
    public void Of_MatchFarInside_BeginsShortlyBeforeIt()
    {
        var at = _long.IndexOf("word150", StringComparison.Ordinal);

        var shown = Excerpt.Of([new TextSegment(_long[..at], false), new TextSegment("word150", true), new TextSegment(_long[(at + 7)..], false)], MaxLength);

        shown[0].Text.ShouldBe("…");
        shown[1].Text.ShouldStartWith("word14");
        shown[1].Text.Length.ShouldBeLessThan(61);
        shown[2].ShouldBe(new TextSegment("word150", true));
        shown[^1].Text.ShouldBe("…");
        shown.Sum(segment => segment.Text.Length).ShouldBeLessThanOrEqualTo(MaxLength + 2);
    }

    [Fact]
    public void Of_MatchAtTheEnd_EndsWithTheText()
    {
        var shown = Excerpt.Of([new TextSegment(_long, false), new TextSegment(" lights", true)], MaxLength);

        shown[^1].ShouldBe(new TextSegment(" lights", true));
    }
}
