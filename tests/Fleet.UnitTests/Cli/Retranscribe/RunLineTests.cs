using System.Text.Json;
using Fleet.Cli.Output;
using Fleet.Cli.Retranscribe;
using Fleet.V1;

namespace Fleet.UnitTests.Cli.Retranscribe;

/// <summary>What programs read of runs: names and shapes stay.</summary>
public sealed class RunLineTests
{
    [Fact]
    public void Json_OfARun_HasEveryName()
    {
        var json = Json(RunLine.From(new Retranscription
        {
            RunId = "r", State = Retranscription.Types.State.Finished, Deployment = "green", Total = 3, Differing = 1, DeviceIds = { "kitchen" },
        }));

        Names(json).ShouldBe(
            [
                "run_id", "state", "deployment", "requested_by", "created_at", "finished_at", "decided_at", "decided_by", "total", "waiting", "recognised", "skipped",
                "failed", "promoted", "discarded", "differing", "old_words", "word_changes", "filter",
            ]);
        Names(json.GetProperty("filter")).ShouldBe(["device_ids", "since", "until", "query", "statuses"]);
        json.GetProperty("state").GetString().ShouldBe("finished");
    }

    [Fact]
    public void Json_OfADifference_HasEveryName()
    {
        var json = Json(DifferenceLine.From("r", new RetranscribedUtterance
        {
            DeviceId = "kitchen",
            UtteranceId = "u",
            State = RetranscribedUtterance.Types.State.Recognised,
            OldText = "",
            Changes = { new WordChange { Kind = WordChange.Types.Kind.Inserted, New = "hi" } },
        }));

        Names(json).ShouldBe(
            ["run_id", "device_id", "utterance_id", "started_at", "state", "reason", "old_text", "old_deployment", "new_text", "confidence", "changes"]);
        json.GetProperty("old_text").GetString().ShouldBe("");
        json.GetProperty("new_text").ValueKind.ShouldBe(JsonValueKind.Null);
        Names(json.GetProperty("changes")[0]).ShouldBe(["kind", "old", "new"]);
        json.GetProperty("changes")[0].GetProperty("kind").GetString().ShouldBe("inserted");
    }

    private static string[] Names(JsonElement json) => [.. json.EnumerateObject().Select(property => property.Name)];

    private static JsonElement Json<T>(T line)
    {
        using StringWriter output = new();
        JsonLines.Write(output, line);
        return JsonDocument.Parse(output.ToString()).RootElement.Clone();
    }
}
