using System.Net;
using Fleet.Silo.Transcription;

namespace Fleet.UnitTests.Silo.Transcription.Endpoints;

public sealed class RequestCompressionTests
{
    private readonly RequestCompression _sut = new(ScoringCompression.Auto);

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("br, GZIP", true)]
    [InlineData("deflate;q=1, gzip;q=0.5", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("gzip; q=0.000", false)]
    [InlineData("br", false)]
    [InlineData(null, false)]
    public void Auto_AfterAnAnswer_IsWhatItSays(string? accepts, bool expected)
    {
        _sut.IsOn.ShouldBeFalse();

        Answer(200, accepts, isCompressed: false).ShouldBeFalse();

        _sut.IsOn.ShouldBe(expected);
    }

    [Theory]
    [InlineData(400, true)]
    [InlineData(415, true)]
    [InlineData(500, true)]
    [InlineData(424, true)]
    [InlineData(429, false)]
    [InlineData(503, false)]
    [InlineData(504, false)]
    [InlineData(401, false)]
    [InlineData(413, false)]
    public void Auto_FaultToWhatWasCompressedFromOneThatDoesNotSayGzip_IsWorthThePlainBody(int status, bool expected)
    {
        Answer(200, "gzip", isCompressed: false);

        Answer(status, accepts: null, isCompressed: true).ShouldBe(expected);

        _sut.IsOn.ShouldBe(!expected);
    }

    [Fact]
    public void Auto_FaultFromOneThatHasReadGzip_IsTheUtterances()
    {
        Answer(200, "gzip", isCompressed: true).ShouldBeFalse();
        Answer(400, "gzip", isCompressed: true).ShouldBeFalse();

        _sut.IsOn.ShouldBeTrue();
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(400, true)]
    public void Auto_FirstCompressedBodyFailsThoughGzipIsSaid_ThePlainOneDecides(int plain, bool expected)
    {
        Answer(200, "gzip", isCompressed: false);
        using var refusal = Response(400, "gzip");
        using var answer = Response(plain, "gzip");

        _sut.OnAnswer(refusal, isCompressed: true).ShouldBeTrue();
        _sut.OnPlain(refusal, answer);

        _sut.IsOn.ShouldBe(expected);
        Answer(200, "gzip", isCompressed: false);
        _sut.IsOn.ShouldBe(expected);
    }

    [Theory]
    [InlineData("off", false)]
    [InlineData("gzip", true)]
    public void Fixed_WhateverIsAnswered_StaysAsItIs(string option, bool expected)
    {
        var sut = new RequestCompression(Enum.Parse<ScoringCompression>(option, ignoreCase: true));
        using var yes = Response(200, "gzip");
        using var no = Response(400, accepts: null);

        sut.OnAnswer(yes, isCompressed: false).ShouldBeFalse();
        sut.OnAnswer(no, isCompressed: true).ShouldBeFalse();

        sut.IsOn.ShouldBe(expected);
    }

    private static HttpResponseMessage Response(int status, string? accepts)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status);
        response.Headers.TryAddWithoutValidation("Accept-Encoding", accepts);
        return response;
    }

    private bool Answer(int status, string? accepts, bool isCompressed)
    {
        using var response = Response(status, accepts);
        return _sut.OnAnswer(response, isCompressed);
    }
}
