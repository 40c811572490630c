using Fleet.Testing;
using Grpc.Core;

namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>
/// Our server against clients that break the protocol: the status they get. A second value is grpc-dotnet's where that says something else
/// (compat/Grpc/README.md, known differences).
/// </summary>
public sealed class RawClientTests(RawClientFixture client) : IClassFixture<RawClientFixture>
{
    [Theory]
    [InlineData("fine")]
    [InlineData("te_missing")]
    [InlineData("content_type_proto")]
    [InlineData("content_type_parameter")]
    [InlineData("path_query")]
    [InlineData("compressed_gzip")]
    [InlineData("compressed_deflate")]
    [InlineData("encoding_named_not_used")]
    [InlineData("timeout_hours")]
    [InlineData("timeout_not_a_number")]
    [InlineData("timeout_negative")]
    [InlineData("timeout_without_unit")]
    [InlineData("timeout_unknown_unit")]
    [InlineData("timeout_over_long")]
    [InlineData("timeout_empty")]
    [InlineData("reset_by_client")]
    public void Request_UnusualButHarmless_IsAnswered(string scenario)
    {
        Status(scenario).ShouldBe(StatusCode.OK);
        client[scenario].GetProperty("data").GetString().ShouldBe("0000000007" + "0a0568656c6c6f");
    }

    [Theory]
    [InlineData("empty_body", StatusCode.Internal)]
    [InlineData("not_protobuf", StatusCode.Internal, StatusCode.Unknown)]
    [InlineData("cut_prefix", StatusCode.Internal)]
    [InlineData("cut_message", StatusCode.Internal)]
    [InlineData("longer_than_stream", StatusCode.Internal)]
    [InlineData("bad_flag", StatusCode.Internal, StatusCode.Unknown)]
    [InlineData("message_twice", StatusCode.Internal)]
    [InlineData("message_and_a_byte_open", StatusCode.Internal)]
    [InlineData("oversize_announced_open", StatusCode.ResourceExhausted)]
    [InlineData("four_gigabytes_announced_open", StatusCode.ResourceExhausted, StatusCode.Unknown)]
    [InlineData("compressed_without_encoding", StatusCode.Internal)]
    [InlineData("compressed_identity", StatusCode.Internal)]
    [InlineData("compressed_unknown", StatusCode.Unimplemented)]
    [InlineData("compressed_broken", StatusCode.Internal, StatusCode.Unknown)]
    [InlineData("compressed_cut", StatusCode.Internal, StatusCode.Unknown)]
    [InlineData("compressed_bomb", StatusCode.ResourceExhausted, StatusCode.Unknown)]
    [InlineData("path_unknown_service", StatusCode.Unimplemented)]
    [InlineData("path_unknown_method", StatusCode.Unimplemented)]
    [InlineData("timeout_passes", StatusCode.DeadlineExceeded)]
    [InlineData("timeout_microseconds", StatusCode.DeadlineExceeded)]
    [InlineData("timeout_nanoseconds", StatusCode.DeadlineExceeded)]
    [InlineData("timeout_body_never_comes", StatusCode.DeadlineExceeded)]
    [InlineData("metadata_binary_broken", StatusCode.Internal, StatusCode.Unknown)]
    [InlineData("no_credential", StatusCode.Unauthenticated)]
    public void Request_Broken_RightStatus(string scenario, params StatusCode[] expected)
    {
        client[scenario].GetProperty("http").GetInt32().ShouldBe(200);
        Status(scenario).ShouldBeOneOf(expected, client[scenario].GetRawText());
    }

    [Theory]
    [InlineData("content_type_json", 415)]
    [InlineData("content_type_web", 415)]
    [InlineData("content_type_missing", 415)]
    [InlineData("http1_where_http1_is_spoken", 426)]
    [InlineData("http1_where_it_is_not", 400)]
    [InlineData("get", 405, 404)]
    [InlineData("get_json", 405, 404)]
    [InlineData("path_root", 404)]
    [InlineData("path_too_deep", 404)]
    public void Request_NotGrpc_HttpStatus(string scenario, params int[] expected) =>
        client[scenario].GetProperty("http").GetInt32().ShouldBeOneOf(expected, client[scenario].GetRawText());

    [Fact]
    public void Request_Http1_IsToldWhatToSpeak() => client["http1_where_http1_is_spoken"].GetProperty("upgrade").GetString().ShouldBe("HTTP/2");

    [Fact]
    public void Request_UnknownEncoding_IsToldTheKnownOnes()
    {
        var accepts = client["compressed_unknown"].GetProperty("accepts").GetString();

        accepts.ShouldBe("identity,gzip,deflate");
        client["compressed_unknown"].GetProperty("detail").GetString()!.ShouldContain("snappy");
    }

    [Fact]
    public void Reply_CompressedForWhoAccepts_IsMarked()
    {
        client["reply_compressed"].GetProperty("encoding").GetString().ShouldBe("gzip");
        client["reply_compressed"].GetProperty("data").GetString()!.ShouldStartWith("01");
    }

    [Theory]
    [InlineData("metadata_binary")]
    [InlineData("metadata_binary_unpadded")]
    public void Metadata_Binary_PaddedOrNot_ComesBack(string scenario) =>
        client[scenario].GetProperty("echoBin").GetString()!.TrimEnd('=').ShouldBe("AP8KDQ");

    [Theory]
    [InlineData("metadata_binary_several")]
    [InlineData("metadata_binary_joined")]
    public void Metadata_BinarySeveral_ComesBack(string scenario)
    {
        if (Status(scenario) == StatusCode.Unknown)
        {
            // grpc-dotnet's server cannot read them.
            RepositoryPaths.Flavour.ShouldNotBe("portable");
            return;
        }

        client[scenario].GetProperty("echoBin").GetString().ShouldBe("AP8, AQI");
    }

    [Theory]
    [InlineData("never_read", 8)]
    [InlineData("never_read_window_0", 4)]
    [InlineData("never_read_window_1_mb", 32)]
    public void Reader_ThatNeverReads_ServerStopsWritingAndServesOthers(string scenario, int mostMessagesOf64Kb)
    {
        // The window, Kestrel's buffer for one response, and the sockets.
        client[scenario].GetProperty("messages").GetInt32().ShouldBeLessThanOrEqualTo(mostMessagesOf64Kb);
        Status(scenario).ShouldBe(StatusCode.OK);
    }

    [Fact]
    public void Calls_ResetOrLate_WereCancelled() => client.Cancelled.ShouldBeGreaterThanOrEqualTo(4);

    [Theory]
    [InlineData("net_garbage_frame")]
    [InlineData("net_data_on_stream_0")]
    [InlineData("net_data_on_idle_stream")]
    [InlineData("net_frame_too_large")]
    [InlineData("net_bad_hpack")]
    [InlineData("net_even_stream")]
    [InlineData("net_window_overflow")]
    [InlineData("net_headers_never_end")]
    public void Frames_AgainstTheRules_ConnectionIsClosedAndOthersAreServed(string scenario)
    {
        var result = client[scenario];

        (result.TryGetProperty("goaway", out _) || result.TryGetProperty("closed", out _) || result.TryGetProperty("rst", out _))
            .ShouldBeTrue(result.GetRawText());
        result.GetProperty("others").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("net_garbage_instead_of_preface", false)]
    [InlineData("net_unknown_frame", true)]
    [InlineData("net_data_after_end", true)]
    [InlineData("net_goaway_by_client", true)]
    [InlineData("net_reset_thrice", false)]
    [InlineData("net_half_a_request", false)]
    public void Frames_Unusual_OthersAreServed(string scenario, bool mayBeAnswered)
    {
        client[scenario].GetProperty("others").GetBoolean().ShouldBeTrue();
        if (!mayBeAnswered)
        {
            client[scenario].TryGetProperty("answered", out _).ShouldBeFalse();
        }
    }

    private StatusCode Status(string scenario) => client[scenario].TryGetProperty("status", out var status)
        ? (StatusCode)status.GetInt32()
        : throw new InvalidOperationException($"{scenario} has no grpc-status: {client[scenario].GetRawText()}");
}
