using System.Text.Json;
using Grpc.Core;

namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>Our server as a client sees it that we did not write.</summary>
public sealed class GrpcJsClientTests(GrpcJsCallsFixture peer) : IClassFixture<GrpcJsCallsFixture>
{
    [Fact]
    public void Unary_Text_ComesBack() => Result("unary", StatusCode.OK).GetProperty("text").GetString().ShouldBe("grüß Gott");

    [Fact]
    public void Unary_ThreeMegabytes_ComeBack() =>
        Result("unary_large", StatusCode.OK).GetProperty("length").GetInt32().ShouldBe(3 * 1024 * 1024);

    [Fact]
    public void Unary_BeyondReceiveLimit_ResourceExhausted() =>
        Result("unary_oversize", StatusCode.ResourceExhausted).GetProperty("details").GetString()!.ShouldContain("maximum");

    [Fact]
    public void Unary_GzipRequest_IsDecoded() => Result("unary_gzip", StatusCode.OK).GetProperty("length").GetInt32().ShouldBe(5000);

    [Fact]
    public void Unary_Status_HasTextAndTrailers()
    {
        var result = Result("unary_status", StatusCode.FailedPrecondition);

        result.GetProperty("details").GetString().ShouldBe("nicht jetzt: 100 % voll\nñ 漢字");
        result.GetProperty("trailers").GetProperty("x-trailer")[0].GetString().ShouldBe("end");
        result.GetProperty("trailers").GetProperty("x-trailer-bin")[0].GetString().ShouldBe("00ff01");
    }

    [Fact]
    public void Unary_UnhandledException_UnknownWithoutItsText() =>
        Result("unary_throw", StatusCode.Unknown).GetProperty("details").GetString().ShouldBe("Exception was thrown by handler.");

    [Fact]
    public void Unary_MethodWithoutImplementation_Unimplemented() => Result("unary_missing", StatusCode.Unimplemented);

    [Fact]
    public void Unary_UnknownService_Unimplemented() => Result("unknown_service", StatusCode.Unimplemented);

    [Fact]
    public void Unary_NoCredential_Unauthenticated() =>
        Result("unary_no_credential", StatusCode.Unauthenticated).GetProperty("details").GetString()!.ShouldContain("key");

    [Fact]
    public void Unary_Metadata_ComesBackInHeadersAndTrailers()
    {
        var result = Result("unary_metadata", StatusCode.OK);

        foreach (var part in new[] { "headers", "trailers" })
        {
            // grpc-js and some servers join repeated text headers, as HTTP allows, with or without a space.
            string.Join(",", Texts(result.GetProperty(part).GetProperty("x-echo"))).Replace(" ", "", StringComparison.Ordinal).ShouldBe("one,two");
            Texts(result.GetProperty(part).GetProperty("x-echo-bin")).ShouldBe(["00ff0a0d"]);
        }

        result.GetProperty("text").GetString()!.ShouldStartWith("ipv4:127.0.0.1:");
    }

    [Fact]
    public void Unary_Deadline_EndsInTime() =>
        Result("unary_deadline", StatusCode.DeadlineExceeded).GetProperty("elapsed").GetInt32().ShouldBeInRange(150, 2000);

    [Fact]
    public void Unary_EveryStatusCode_Arrives() =>
        peer["all_codes"].GetProperty("codes").EnumerateArray().Select(code => code.GetInt32()).ShouldBe(Enumerable.Range(1, 16));

    [Fact]
    public void Expand_HundredReplies_ArriveInOrder()
    {
        var result = Result("expand", StatusCode.OK);

        result.GetProperty("indexes").EnumerateArray().Select(index => index.GetInt32()).ShouldBe(Enumerable.Range(0, 100));
        result.GetProperty("trailers").GetProperty("x-trailer")[0].GetString().ShouldBe("end");
    }

    [Fact]
    public void Expand_NoReply_HasTrailers()
    {
        // Headers of their own are optional here: a reply may be trailers only.
        var result = Result("expand_nothing", StatusCode.OK);

        result.GetProperty("trailers").GetProperty("x-trailer")[0].GetString().ShouldBe("end");
    }

    [Fact]
    public void Expand_StatusAfterReplies_RepliesArriveFirst()
    {
        var result = Result("expand_status_after_messages", StatusCode.NotFound);

        result.GetProperty("count").GetInt32().ShouldBe(3);
        result.GetProperty("details").GetString().ShouldBe("verloren ✂");
    }

    [Fact]
    public void Collect_FiftyMessages_AreCounted() => Result("collect", StatusCode.OK).GetProperty("index").GetInt32().ShouldBe(50);

    [Fact]
    public void Chat_ThousandMessages_ComeBackInOrder()
    {
        var result = Result("chat", StatusCode.OK);

        result.GetProperty("count").GetInt32().ShouldBe(1000);
        result.GetProperty("inOrder").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void Chat_NoCredential_Unauthenticated() => Result("chat_no_credential", StatusCode.Unauthenticated);

    [Fact]
    public void Chat_ServerEndsWhileClientWrites_StatusArrives() =>
        Result("chat_server_ends_first", StatusCode.Aborted).GetProperty("details").GetString().ShouldBe("taken over");

    [Fact]
    public void Expand_ClientCancels_ServerSeesIt() => Result("expand_cancel", StatusCode.Cancelled).GetProperty("seen").GetInt32().ShouldBe(1);

    private static IEnumerable<string?> Texts(JsonElement array) => array.EnumerateArray().Select(value => value.GetString());

    private JsonElement Result(string scenario, StatusCode code) => peer.Ended(scenario, code);
}
