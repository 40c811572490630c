namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>One load for a client, as it travels to the client's process.</summary>
internal sealed record Load(string Shape, int PayloadBytes, int Concurrency, int Milliseconds, int Port)
{
    public const string Unary = "unary";
    public const string Upload = "upload";
    public const string Download = "download";
    public const string PingPong = "pingpong";
    public const string Flood = "flood";
}
