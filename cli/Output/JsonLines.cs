using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fleet.Cli.Output;

/// <summary>One JSON object a line: names in snake case, each always there, null where there is no value. docs/cli.md lists them.</summary>
internal static class JsonLines
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // a stream, never a part of a page
    };

    public static void Write<T>(TextWriter output, T line)
    {
        output.WriteLine(JsonSerializer.Serialize(line, _json));
        output.Flush();
    }

    /// <summary>UTC, to the millisecond; null for "never".</summary>
    public static string? Time(long unixMs) => unixMs == 0
        ? null
        : DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    /// <summary>The name of a value of an enum of the API: "Transcribed" is "transcribed", "CopiedInstall" is "copied_install".</summary>
    public static string Name<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
