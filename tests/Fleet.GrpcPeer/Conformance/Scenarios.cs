using Grpc.Core;

namespace Fleet.GrpcPeer.Conformance;

/// <summary>What every pair of a client of ours and a server has to do alike, whoever wrote the server.</summary>
internal static partial class Scenarios
{
    private const int Many = 10_000;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("unary_echo", false, UnaryEchoAsync),
        new("unary_four_megabytes", false, UnaryFourMegabytesAsync),
        new("unary_reply_beyond_limit", false, UnaryReplyBeyondLimitAsync),
        new("unary_every_status", false, UnaryEveryStatusAsync),
        new("unary_metadata", false, UnaryMetadataAsync),
        new("unary_deadline", false, UnaryDeadlineAsync),
        new("unary_cancel", false, UnaryCancelAsync),
        new("unary_gzip_request", false, UnaryGzipRequestAsync),
        new("unary_gzip_reply", true, UnaryGzipReplyAsync),
        new("unary_request_beyond_limit", true, UnaryRequestBeyondLimitAsync),
        new("unary_thousand_at_a_time", false, UnaryThousandAtATimeAsync),
        new("collect_ten_thousand", false, CollectManyAsync),
        new("collect_gzip", false, CollectGzipAsync),
        new("collect_nothing", false, CollectNothingAsync),
        new("expand_ten_thousand", false, ExpandManyAsync),
        new("expand_some_compressed", true, ExpandSomeCompressedAsync),
        new("expand_cancel", false, ExpandCancelAsync),
        new("chat_ten_thousand", false, ChatManyAsync),
        new("chat_thousand_at_a_time", false, ChatThousandAtATimeAsync),
        new("chat_ends_first", false, ChatEndsFirstAsync),
        new("chat_half_closed_at_once", false, ChatHalfClosedAtOnceAsync),
        new("chat_server_ends_while_client_writes", false, ChatServerEndsWhileClientWritesAsync),
    ];

    private static DateTime In(double seconds) => TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(seconds);

    private static async Task<RpcException> FailureOf(Task task) => await Should.ThrowAsync<RpcException>(task);
}
