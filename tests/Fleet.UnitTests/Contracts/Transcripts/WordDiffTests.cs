using Fleet.Contracts.Transcripts;

namespace Fleet.UnitTests.Contracts.Transcripts;

public sealed class WordDiffTests
{
    [Theory]
    [InlineData("", "", "", 0)]
    [InlineData("turn on the light", "turn on the light", "turn on the light", 0)]
    [InlineData("turn on the light", "TURN ON THE LIGHT.", "TURN ON THE LIGHT.", 0)]
    [InlineData("turn on the light", "turn of the light", "turn [on>of] the light", 1)]
    [InlineData("turn on the light", "turn the light", "turn -on the light", 1)]
    [InlineData("turn the light", "turn on the light", "turn +on the light", 1)]
    [InlineData("", "hello there", "+hello +there", 2)]
    [InlineData("hello there", "", "-hello -there", 2)]
    [InlineData("a b c d", "b c d e", "-a b c d +e", 2)]
    [InlineData("it's  \t late", "its late", "[it's>its] late", 1)]
    [InlineData("well - yes", "well , yes", "well [->,] yes", 1)]
    [InlineData("same same same", "same same", "same same -same", 1)]
    public void Of_TwoTexts_IsAShortestWay(string oldText, string newText, string expected, int changes)
    {
        var diff = WordDiff.Of(oldText, newText);

        Show(diff).ShouldBe(expected);
        diff.Changes.ShouldBe(changes);
        diff.OldWords.ShouldBe(oldText.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void Of_AnyTwoTexts_LeadsFromOneToTheOtherInTheFewestSteps()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            string[] oldWords = [.. Enumerable.Range(0, random.Next(9)).Select(_ => "abc"[random.Next(3)].ToString())];
            string[] newWords = [.. Enumerable.Range(0, random.Next(9)).Select(_ => "abc"[random.Next(3)].ToString())];

            var diff = WordDiff.Of(string.Join(' ', oldWords), string.Join(' ', newWords));

            diff.Edits.Where(edit => edit.Kind != WordEditKind.Inserted).Select(edit => edit.Old).ShouldBe(oldWords);
            diff.Edits.Where(edit => edit.Kind != WordEditKind.Deleted).Select(edit => edit.New).ShouldBe(newWords);
            diff.Changes.ShouldBe(Distance(oldWords, newWords));
        }
    }

    [Fact]
    public void Of_TextsTooLongToCompare_StillLeadsFromOneToTheOther()
    {
        var oldText = "same " + string.Join(' ', Enumerable.Range(0, 3_000).Select(n => $"old{n}"));
        var newText = "same " + string.Join(' ', Enumerable.Range(0, 3_000).Select(n => $"new{n}"));

        var diff = WordDiff.Of(oldText, newText);

        diff.Changes.ShouldBe(6_000);
        string.Join(' ', diff.Edits.Where(edit => edit.Kind != WordEditKind.Deleted).Select(edit => edit.New)).ShouldBe(newText);
    }

    private static int Distance(string[] oldWords, string[] newWords) => (oldWords, newWords) switch
    {
        ([], _) => newWords.Length,
        (_, []) => oldWords.Length,
        _ => Table(oldWords, newWords),
    };

    private static int Table(string[] oldWords, string[] newWords)
    {
        var table = new int[oldWords.Length + 1, newWords.Length + 1];
        for (var i = 0; i <= oldWords.Length; i++)
        {
            for (var j = 0; j <= newWords.Length; j++)
            {
                table[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(table[i - 1, j - 1] + (oldWords[i - 1] == newWords[j - 1] ? 0 : 1), Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
            }
        }

        return table[oldWords.Length, newWords.Length];
    }

    private static string Show(WordDiff diff) => string.Join(' ', diff.Edits.Select(edit => edit.Kind switch
    {
        WordEditKind.Same => edit.New,
        WordEditKind.Substituted => $"[{edit.Old}>{edit.New}]",
        WordEditKind.Deleted => $"-{edit.Old}",
        _ => $"+{edit.New}",
    }));
}
