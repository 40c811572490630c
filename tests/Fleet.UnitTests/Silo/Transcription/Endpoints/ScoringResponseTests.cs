using System.Text;
using Fleet.Silo.Transcription;

namespace Fleet.UnitTests.Silo.Transcription.Endpoints;

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
        ScoringResponse.Read(ScoringFormat.Single, [new ScoreInput(_id, default)], Encoding.UTF8.GetBytes(body)).Items.ShouldHaveSingleItem().Text.ShouldBe("THE TEXT");

    [Fact]
    public void Batch_ItemForWhichThereWasNoTime_IsLateAndNotRefused()
    {
        var result = Batch("""{"results":[{"id":"01a00000-0000-7000-8000-000000000001","error":"not within 55 s","code":"timeout"}]}""");

        (result.Outcome, result.IsLate, result.ShowsWorkingEndpoint).ShouldBe((ScoreOutcome.Failed, true, false));
    }

    [Fact]
    public void List_AsManyTextsAsInputs_AreTheirs()
    {
        ScoreInput[] inputs = [new(_id, default), new(Guid.NewGuid(), default)];

        ScoringResponse.Read(ScoringFormat.List, inputs, """{"result":["A","B"]}"""u8.ToArray()).Items.Select(item => item.Text).ShouldBe(["A", "B"]);
        ScoringResponse.Read(ScoringFormat.List, inputs, """{"result":["A"]}"""u8.ToArray()).Fault.ShouldBe(CallFault.Failed);
        ScoringResponse.Read(ScoringFormat.List, inputs, """{"result":["A",1]}"""u8.ToArray()).Fault.ShouldBe(CallFault.Failed);
    }

    [Fact]
    public void Batch_SeveralInAnyOrder_AreGivenToTheirInputs()
    {
        var other = Guid.NewGuid();
        var body = $$"""{"results":[{"id":"{{other}}","error":"bad"},{"id":"{{_id}}","text":"good"},{"id":"{{_id}}","text":"again"}]}""";

        var items = ScoringResponse.Read(ScoringFormat.Batch, [new(_id, default), new(Guid.NewGuid(), default), new(other, default)], Encoding.UTF8.GetBytes(body)).Items;

        items.Select(item => item.Outcome).ShouldBe([ScoreOutcome.Recognised, ScoreOutcome.Failed, ScoreOutcome.Refused]);
        items[0].Text.ShouldBe("good");
    }

    [Fact]
    public void Batch_AlternativesAndWords_AreKept()
    {
        var result = Batch(
            """
            {"results":[{"id":"01a00000-0000-7000-8000-000000000001","text":"turn it on","confidence":0.9,
              "alternatives":[{"text":"turn it on","confidence":0.9},{"text":"turn it off","confidence":0.4},{"confidence":1},7],
              "words":[{"word":"turn","start_ms":120,"end_ms":340,"confidence":0.8},{"word":"it"},{"word":"on","start_ms":400,"end_ms":900,"confidence":7}]}]}
            """);

        result.Alternatives.ShouldBe([new ScoreAlternative("turn it on", 0.9f), new ScoreAlternative("turn it off", 0.4f)]);
        result.Words.ShouldBe([new ScoreWord("turn", 120, 340, 0.8f), new ScoreWord("on", 400, 900, 1)]);
    }

    [Theory]
    [InlineData("\"alternatives\":{},\"words\":\"x\"")]
    [InlineData("\"alternatives\":[null],\"words\":[[]]")]
    [InlineData("\"words\":[{\"word\":\"a\",\"start_ms\":-1,\"end_ms\":1e99}]")]
    public void Batch_AlternativesOrWordsOfAnotherShape_AreLeftOutAndTheTextStays(string rest)
    {
        var result = Batch($$"""{"results":[{"id":"01a00000-0000-7000-8000-000000000001","text":"a",{{rest}}}]}""");

        result.Text.ShouldBe("a");
        result.Alternatives.ShouldBeEmpty();
        result.Words.ShouldBeEmpty();
    }

    [Fact]
    public void Clean_LongText_IsCut() => ScoringResponse.Clean(new string('x', 1_000)).Length.ShouldBe(301);

    private static ScoreResult Batch(string body)
    {
        var result = ScoringResponse.Read(ScoringFormat.Batch, [new ScoreInput(_id, default)], Encoding.UTF8.GetBytes(body));
        return result.IsAnswer ? result.Items.ShouldHaveSingleItem() : result.Whole;
    }
}
