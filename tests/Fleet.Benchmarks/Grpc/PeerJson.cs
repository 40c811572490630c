using System.Text.Json;

namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>The lines of JSON that the benchmark and its peers exchange.</summary>
internal static class PeerJson
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web);

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, _options);

    public static T Read<T>(string line) => JsonSerializer.Deserialize<T>(line, _options) ?? throw new InvalidDataException("A peer wrote null.");
}
