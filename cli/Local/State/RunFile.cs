using System.Text.Json;
using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Local.State;

/// <summary>Reads and writes run.json: mode 600, replaced as a whole, so that nobody ever reads half of it.</summary>
internal static class RunFile
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string ToJson(RunState state) => JsonSerializer.Serialize(state, _json);

    public static void Write(string file, RunState state) => PrivateFile.Write(file, ToJson(state) + "\n");

    /// <summary>The state that is written there, or null when there is none or it cannot be understood.</summary>
    public static RunState? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<RunState>(File.ReadAllText(file), _json);
        }
        catch (Exception ex) when (ex is IOException or JsonException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }
}
