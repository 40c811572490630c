using System.Text.Json.Serialization;

namespace Fleet.Cli.Local.State;

/// <summary>How far a run is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunPhase>))]
internal enum RunPhase
{
    [JsonStringEnumMemberName("starting")]
    Starting,

    [JsonStringEnumMemberName("running")]
    Running,

    [JsonStringEnumMemberName("stopping")]
    Stopping,
}
