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

    private static readonly UtteranceName _nothing = new() { DeviceId = "nobody", UtteranceId = "0197f3a0-0000-7000-8000-000000000000" };

    private static readonly Dictionary<string, (Func<FleetApi.FleetApiClient, Metadata, Task> Ask, StatusCode Code, string Sentence)> _refusedDecisions = new()
    {
        ["retry, 501 names"] = (
            async (api, headers) => await api.RetryTranscriptsAsync(
                new RetryTranscriptsRequest { Utterances = { Enumerable.Repeat(_nothing, 501) } }, headers),
            StatusCode.InvalidArgument, "utterances has 501 names; send at most 500 at a time."),
        ["retry, names and a time"] = (
            async (api, headers) => await api.RetryTranscriptsAsync(new RetryTranscriptsRequest { Utterances = { _nothing }, FromUnixMs = 1 }, headers),
            StatusCode.InvalidArgument, "utterances and a time range exclude each other"),
        ["retry, time reversed"] = (
            async (api, headers) => await api.RetryTranscriptsAsync(new RetryTranscriptsRequest { FromUnixMs = 2_000, ToUnixMs = 1_000 }, headers),
            StatusCode.InvalidArgument, "from_unix_ms (2000) is after to_unix_ms (1000); swap them."),
        ["retry, time before 1970"] = (
            async (api, headers) => await api.RetryTranscriptsAsync(new RetryTranscriptsRequest { FromUnixMs = long.MinValue }, headers),
            StatusCode.InvalidArgument, "from_unix_ms must be the milliseconds since 1970-01-01T00:00:00Z"),
        ["retry, no UUID"] = (
            async (api, headers) => await api.RetryTranscriptsAsync(
                new RetryTranscriptsRequest { Utterances = { _nothing, new UtteranceName { DeviceId = "pi", UtteranceId = "1" } } }, headers),
            StatusCode.InvalidArgument, "utterances[1].utterance_id must be a UUID of 36 characters."),
        ["erase, nothing named"] = (
            async (api, headers) => await api.EraseUtterancesAsync(new EraseUtterancesRequest(), headers),
            StatusCode.InvalidArgument, "utterances is empty: name 1 to 500 to erase."),
        ["erase, a path"] = (
            async (api, headers) => await api.EraseUtterancesAsync(
                new EraseUtterancesRequest { Utterances = { new UtteranceName { DeviceId = "../etc", UtteranceId = _nothing.UtteranceId } } }, headers),
            StatusCode.InvalidArgument, "utterances[0].device_id must be 1 to 64 of a-z"),
        ["replace, SQL"] = (
            async (api, headers) => await api.ReplaceInstallAsync(
                new ReplaceInstallRequest { DeviceId = "pi'; DROP TABLE devices; --", InstallId = _nothing.UtteranceId }, headers),
            StatusCode.InvalidArgument, "device_id must be 1 to 64 of a-z"),
        ["replace, no UUID"] = (
            async (api, headers) => await api.ReplaceInstallAsync(new ReplaceInstallRequest { DeviceId = "pi", InstallId = "\0" }, headers),
            StatusCode.InvalidArgument, "install_id must be a UUID of 36 characters."),
        ["replace, unknown device"] = (
            async (api, headers) => await api.ReplaceInstallAsync(
                new ReplaceInstallRequest { DeviceId = "nobody", InstallId = _nothing.UtteranceId }, headers),
            StatusCode.NotFound, "There is no device nobody."),
    };

    public static TheoryData<string> RefusedDecisions => new(_refusedDecisions.Keys);

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

    [PostgresTheory]
    [MemberData(nameof(RefusedDecisions))]
    public Task Decision_BadArgument_IsRefusedWithTheField(string what) => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        var (ask, code, sentence) = _refusedDecisions[what];

        var refusal = await Should.ThrowAsync<RpcException>(() => ask(silo.NewApi(), silo.ApiHeaders()));

        refusal.StatusCode.ShouldBe(code);
        refusal.Status.Detail.ShouldStartWith(sentence);
    });

    [PostgresFact]
    public Task Decision_AboutWhatIsNotThere_ChangesNothing() => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        var api = silo.NewApi();

        (await api.RetryTranscriptsAsync(new RetryTranscriptsRequest { Utterances = { _nothing, _nothing } }, silo.ApiHeaders())).Retried.ShouldBe(0UL);
        (await api.RetryTranscriptsAsync(new RetryTranscriptsRequest { FromUnixMs = 253_402_300_799_999 }, silo.ApiHeaders())).Retried.ShouldBe(0UL);
        (await api.RetryTranscriptsAsync(new RetryTranscriptsRequest { ToUnixMs = 1 }, silo.ApiHeaders())).Retried.ShouldBe(0UL);
        (await api.EraseUtterancesAsync(new EraseUtterancesRequest { Utterances = { _nothing } }, silo.ApiHeaders())).Erased.ShouldBe(0UL);
    });

    private static async Task<Status> AudioAsync(SiloUnderTest silo, string deviceId, string utteranceId)
    {
        using var call = silo.NewApi().GetAudio(new GetAudioRequest { DeviceId = deviceId, UtteranceId = utteranceId }, silo.ApiHeaders());
        return (await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None))).Status;
    }
}
