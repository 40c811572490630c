using System.Text;
using Fleet.Silo.Transcription;

namespace Fleet.UnitTests.Silo.Transcription;

public sealed class ScoringResponseTests
{
    private static readonly Guid _id = new("01a00000-0000-7000-8000-000000000001");

    [Fact]
    public void Batch_Text_IsRecognised()
    {
        var result = Batch("""{"results":[{"id":"other","text":"no"},{"id":"01A00000-0000-7000-8000-000000000001","text":" hello\u0000 ","confidence":0.5}]}""");

        result.Outcome.ShouldBe(ScoreOutcome.Recognised);
        result.Text.ShouldBe("hello");
        result.Confidence.ShouldBe(0.5f);
    }

    [Fact]
    public void Batch_Error_RefusesTheItem()
    {
        var result = Batch("""{"results":[{"id":"01a00000-0000-7000-8000-000000000001","error":"too\nlong"}]}""");

        result.Outcome.ShouldBe(ScoreOutcome.Refused);
        result.Reason.ShouldBe("The endpoint refused it: too long");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"results":{}}""")]
    [InlineData("""{"results":[]}""")]
    [InlineData("""{"results":[1]}""")]
    [InlineData("""{"results":[{"id":"01a00000-0000-7000-8000-000000000001"}]}""")]
    [InlineData("""{"results":[{"id":"01a00000-0000-7000-8000-000000000001","text":3}]}""")]
    [InlineData("<html>")]
    public void Batch_NotUnderstood_IsAFailureNeverAText(string body)
    {
        var result = Batch(body);

        result.Outcome.ShouldBe(ScoreOutcome.Failed);
        result.Text.ShouldBeEmpty();
        result.Reason.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("""{"result":"THE TEXT"}""")]
    [InlineData("""
        "{\"result\":\"THE TEXT\"}"
        """)]
    public void Single_TextAlsoInAString_IsRecognised(string body) =>
        ScoringResponse.Read(ScoringFormat.Single, _id, Encoding.UTF8.GetBytes(body)).Text.ShouldBe("THE TEXT");

    [Fact]
    public void Clean_LongText_IsCut() => ScoringResponse.Clean(new string('x', 1_000)).Length.ShouldBe(301);

    private static ScoreResult Batch(string body) => ScoringResponse.Read(ScoringFormat.Batch, _id, Encoding.UTF8.GetBytes(body));
}
