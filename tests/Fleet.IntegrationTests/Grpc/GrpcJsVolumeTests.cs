using Grpc.Core;

namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>Our server under much at a time, and under a client that reads slowly.</summary>
public sealed class GrpcJsVolumeTests(GrpcJsVolumeFixture peer) : IClassFixture<GrpcJsVolumeFixture>
{
    private const int Many = 10_000;

    // What the windows, Kestrel's buffer, the sockets and grpc-js itself may hold of 300 messages of 64 KiB.
    private const int MostAhead = 150;

    [Fact]
    public void Unary_TenThousand_AllAnswered()
    {
        peer["unary_many"].GetProperty("count").GetInt32().ShouldBe(Many);
        peer["unary_many"].GetProperty("wrong").GetInt32().ShouldBe(0);
    }

    [Fact]
    public void Collect_TenThousand_AreCounted() => peer.Ended("collect_many", StatusCode.OK).GetProperty("count").GetInt32().ShouldBe(Many);

    [Theory]
    [InlineData("expand_many", Many)]
    [InlineData("chat_many", Many)]
    [InlineData("expand_some_compressed", 50)]
    public void Streams_AllMessages_ArriveInOrder(string scenario, int count)
    {
        var result = peer.Ended(scenario, StatusCode.OK);

        result.GetProperty("count").GetInt32().ShouldBe(count);
        result.GetProperty("inOrder").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("unary_thousand_at_a_time")]
    [InlineData("chat_thousand_at_a_time")]
    public void Calls_ThousandAtATime_AllRight(string scenario) => peer[scenario].GetProperty("right").GetInt32().ShouldBe(1000);

    [Fact]
    public void Unary_FourMegabytes_ComeBack() => peer.Ended("unary_four_megabytes", StatusCode.OK).GetProperty("same").GetBoolean().ShouldBeTrue();

    [Fact]
    public void Unary_GzipReply_IsRead() => peer.Ended("unary_gzip_reply", StatusCode.OK).GetProperty("length").GetInt32().ShouldBe(100_000);

    [Fact]
    public void Collect_GzipRequests_AreRead() => peer.Ended("collect_gzip", StatusCode.OK).GetProperty("length").GetInt32().ShouldBe(50_000);

    [Fact]
    public void Expand_Deadline_EndsIt() => peer.Ended("expand_deadline", StatusCode.DeadlineExceeded);

    [Fact]
    public void Chat_HalfClosedAtOnce_Ends() => peer.Ended("chat_half_closed_at_once", StatusCode.OK);

    [Fact]
    public void Chat_ServerEndsWhileClientWrites_StatusArrivesEachTime() => peer["chat_server_ends_while_client_writes"]
        .GetProperty("codes").EnumerateArray().Select(code => (StatusCode)code.GetInt32()).ShouldBe(Enumerable.Repeat(StatusCode.Aborted, 20));

    [Fact]
    public void Expand_SlowlyRead_AllArriveAndFewAreAhead()
    {
        var result = peer.Ended("expand_slowly_read", StatusCode.OK);

        result.GetProperty("count").GetInt32().ShouldBe(300);
        result.GetProperty("ahead").GetInt32().ShouldBeLessThan(MostAhead);
    }
}
