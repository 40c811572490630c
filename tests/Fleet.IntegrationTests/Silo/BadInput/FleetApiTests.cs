using Fleet.Testing;
using Fleet.V1;
using Grpc.Core;

namespace Fleet.IntegrationTests.Silo.BadInput;

/// <summary>Questions to the fleet API that have no good answer.</summary>
[Collection(SharedSilo.Name)]
public sealed class FleetApiTests(BadInputSilo fixture)
{
    private static readonly Dictionary<string, (SearchTranscriptsRequest Request, string Sentence)> _refused = new()
    {
        ["page token"] = (new SearchTranscriptsRequest { PageToken = "no such" }, "page_token: The page token is malformed: ask for the first page."),
        ["page token of 1 MB"] = (new SearchTranscriptsRequest { PageToken = new string('A', 1_000_000) }, "page_token: The page token is malformed"),
        ["page token of another query"] = (new SearchTranscriptsRequest { PageToken = "AQAAAAABAgMEBQYHCAkKCwwNDg8QcGk" }, "page_token: The page token belongs to another query"),
        ["page size 10^9"] = (new SearchTranscriptsRequest { PageSize = 1_000_000_000 }, "page_size is 1000000000; ask for at most 500."),
        ["page size -1"] = (new SearchTranscriptsRequest { PageSize = unchecked((uint)-1) }, "page_size is 4294967295; ask for at most 500."),
        ["time before 1970"] = (new SearchTranscriptsRequest { FromUnixMs = -1 }, "from_unix_ms must be the milliseconds since 1970-01-01T00:00:00Z"),
        ["time after the year 9999"] = (new SearchTranscriptsRequest { ToUnixMs = long.MaxValue }, "to_unix_ms must be the milliseconds since 1970-01-01T00:00:00Z"),
        ["time range reversed"] = (new SearchTranscriptsRequest { FromUnixMs = 2_000, ToUnixMs = 1_000 }, "from_unix_ms (2000) is after to_unix_ms (1000); swap them."),
    };

    private static readonly Dictionary<string, SearchTranscriptsRequest> _harmless = new()
    {
        ["page size 0"] = new SearchTranscriptsRequest { PageSize = 0, DeviceIds = { "nobody" } },
        ["query of 1 MB"] = new SearchTranscriptsRequest { Query = string.Concat(Enumerable.Repeat("word ", 200_000)) },
        ["query of one word of 1 MB"] = new SearchTranscriptsRequest { Query = new string('x', 1_000_000) },
        ["broken tsquery"] = new SearchTranscriptsRequest { Query = "& | ! ( <-> :* ''' \\ \"unclosed" },
        ["query with U+0000"] = new SearchTranscriptsRequest { Query = "a\0b" },
        ["query with SQL"] = new SearchTranscriptsRequest { Query = "'); DROP TABLE utterances; --" },
        ["device id with SQL"] = new SearchTranscriptsRequest { DeviceIds = { "pi'; DROP TABLE devices; --", "\0", new string('d', 100_000) } },
        ["unknown status"] = new SearchTranscriptsRequest { Statuses = { (UtteranceStatus)99_999 } },
    };

    public static TheoryData<string> Refused => new(_refused.Keys);

    public static TheoryData<string> Harmless => new(_harmless.Keys);

    [PostgresTheory]
    [MemberData(nameof(Refused))]
    public Task Search_BadArgument_IsInvalidArgumentWithTheField(string what) => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        var (request, sentence) = _refused[what];

        var refusal = await Should.ThrowAsync<RpcException>(async () => await silo.NewApi().SearchTranscriptsAsync(request, silo.ApiHeaders()));

        refusal.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refusal.Status.Detail.ShouldStartWith(sentence);
    });

    [PostgresTheory]
    [MemberData(nameof(Harmless))]
    public Task Search_OddButPossible_FindsNothing(string what) => fixture.WhileAnotherSpeaksAsync(async silo =>
        (await silo.NewApi().SearchTranscriptsAsync(_harmless[what], silo.ApiHeaders())).Transcripts.ShouldBeEmpty());

    [PostgresFact]
    public Task Audio_OfNothing_IsNotFoundOrInvalid() => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        (await AudioAsync(silo, "pi", Guid.NewGuid().ToString("D"))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await AudioAsync(silo, "pi", Guid.NewGuid().ToString("D"))).Detail.ShouldStartWith("There is no audio of utterance ");
        (await AudioAsync(silo, "pi", "1")).ShouldBe(new Status(StatusCode.InvalidArgument, "utterance_id must be a UUID of 36 characters."));
        (await AudioAsync(silo, "../etc", Guid.NewGuid().ToString("D"))).Detail.ShouldStartWith("device_id must be 1 to 64 of a-z");
    });

    [PostgresFact]
    public Task Watch_BadToken_IsInvalidArgument() => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        foreach (var token in (string[])["?", "-1", new string('9', 100_000), "\0"])
        {
            using var call = silo.NewApi().WatchTranscripts(new WatchTranscriptsRequest { ResumeToken = token }, silo.ApiHeaders());
            var refusal = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));

            refusal.StatusCode.ShouldBe(StatusCode.InvalidArgument);
            refusal.Status.Detail.ShouldStartWith("resume_token is not one that WatchTranscripts gave out");
        }
    });

    private static async Task<Status> AudioAsync(SiloUnderTest silo, string deviceId, string utteranceId)
    {
        using var call = silo.NewApi().GetAudio(new GetAudioRequest { DeviceId = deviceId, UtteranceId = utteranceId }, silo.ApiHeaders());
        return (await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None))).Status;
    }
}
