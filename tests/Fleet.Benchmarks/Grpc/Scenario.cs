namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>One row of the report: a load without its duration.</summary>
internal sealed record Scenario(string Shape, int PayloadBytes, int Concurrency)
{
    // 100 ms of PCM16 at 16 kHz: what an agent sends in one AudioChunk.
    public const int AudioChunkBytes = 3200;

    private static readonly int[] _payloads = [100, AudioChunkBytes, 64 * 1024];
    private static readonly int[] _concurrencies = [1, 16, 256];
    private static readonly string[] _streams = [Load.Upload, Load.Download, Load.PingPong, Load.Flood];

    public static IReadOnlyList<Scenario> All { get; } =
    [
        .. _concurrencies.SelectMany(static concurrency => _payloads.Select(bytes => new Scenario(Load.Unary, bytes, concurrency))),
        .. _streams.SelectMany(static shape => _payloads.Select(bytes => new Scenario(shape, bytes, 1))),
    ];

    public string Name => Shape == Load.Unary ? $"{Shape} x{Concurrency} {PayloadBytes} B" : $"{Shape} {PayloadBytes} B";

    public Load ToLoad(int milliseconds, int port) => new(Shape, PayloadBytes, Concurrency, milliseconds, port);
}
