using Fleet.Silo.Transcription;

namespace Fleet.UnitTests.Silo.Transcription.Endpoints;

public sealed class CallRulesTests
{
    [Theory]
    [InlineData(400, 0, nameof(CallFault.Refused), 0)]
    [InlineData(401, 0, nameof(CallFault.Credential), 0)]
    [InlineData(403, 0, nameof(CallFault.Credential), 0)]
    [InlineData(404, 0, nameof(CallFault.Misrouted), 0)]
    [InlineData(307, 0, nameof(CallFault.Misrouted), 0)]
    [InlineData(408, 0, nameof(CallFault.TimedOut), 0)]
    [InlineData(409, 0, nameof(CallFault.Unavailable), 2)]
    [InlineData(413, 0, nameof(CallFault.TooLarge), 0)]
    [InlineData(422, 0, nameof(CallFault.Refused), 0)]
    [InlineData(424, 0, nameof(CallFault.Failed), 1)]
    [InlineData(424, 400, nameof(CallFault.Refused), 0)]
    [InlineData(424, 408, nameof(CallFault.TimedOut), 0)]
    [InlineData(424, 413, nameof(CallFault.TooLarge), 0)]
    [InlineData(424, 429, nameof(CallFault.Busy), 2)]
    [InlineData(424, 500, nameof(CallFault.Failed), 1)]
    [InlineData(424, 503, nameof(CallFault.Unavailable), 2)]
    [InlineData(424, 504, nameof(CallFault.TimedOut), 0)]
    [InlineData(429, 0, nameof(CallFault.Busy), 2)]
    [InlineData(500, 0, nameof(CallFault.Failed), 2)]
    [InlineData(502, 0, nameof(CallFault.Failed), 1)]
    [InlineData(503, 0, nameof(CallFault.Unavailable), 2)]
    [InlineData(504, 0, nameof(CallFault.TimedOut), 0)]
    [InlineData(204, 0, nameof(CallFault.Failed), 0)]
    public void Status_MeansAFault_WithItsRepeats(int status, int inner, string fault, int repeats)
    {
        var judged = CallRules.Judge(status, inner);

        judged.ToString().ShouldBe(fault);
        CallRules.Repeats(CallResult.Of(judged, "") with { Status = status }).ShouldBe(repeats);
    }

    [Fact]
    public void Repeats_EndpointThatAsksForALongPause_AreNoneWithinTheCall() =>
        CallRules.Repeats(CallResult.Of(CallFault.Unavailable, "", TimeSpan.FromSeconds(30)) with { Status = 503 }).ShouldBe(0);

    [Theory]
    [InlineData("503", 503)]
    [InlineData("", 0)]
    [InlineData("none", 0)]
    public void InnerStatus_OfTheHeader_IsANumberOrNone(string header, int expected) => CallRules.InnerStatus(header).ShouldBe(expected);
}
