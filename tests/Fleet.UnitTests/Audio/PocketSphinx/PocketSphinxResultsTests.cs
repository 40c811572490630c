using Fleet.Audio;

namespace Fleet.UnitTests.Audio.PocketSphinx;

public sealed class PocketSphinxResultsTests
{
    [Theory]
    [InlineData("recorded(2)", "recorded")]
    [InlineData("now", "now")]
    [InlineData("<sil>", null)]
    [InlineData("</s>", null)]
    [InlineData("[NOISE]", null)]
    [InlineData("++um++", null)]
    [InlineData(null, null)]
    public void Word_OfASegment_IsWithoutItsPronunciationAndNoNoise(string? segment, string? word) => PocketSphinxResults.Word(segment).ShouldBe(word);
}
