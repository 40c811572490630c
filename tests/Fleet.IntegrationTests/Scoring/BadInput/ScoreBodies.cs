namespace Fleet.IntegrationTests.Scoring.BadInput;

/// <summary>Bodies of /score.</summary>
internal static class ScoreBodies
{
    /// <summary>A quarter of a second of silence.</summary>
    public static string Silence { get; } = Convert.ToBase64String(new byte[8_000]);

    public static string Good { get; } = Inputs(Item("a"));

    public static string Inputs(params IEnumerable<string> items) => $$"""{"inputs":[{{string.Join(',', items)}}]}""";

    public static string Item(string id, string? audio = null, string rate = "16000") =>
        $$"""{"id":"{{id}}","sample_rate":{{rate}},"audio":"{{audio ?? Silence}}"}""";
}
