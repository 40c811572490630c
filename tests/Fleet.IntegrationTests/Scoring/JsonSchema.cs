using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.IntegrationTests.Scoring;

/// <summary>As much of OpenAPI's schemas as swagger.json uses; an unknown keyword is a fault, so that none is passed over.</summary>
internal static class JsonSchema
{
    private static readonly string[] _known =
    [
        "$ref", "type", "oneOf", "required", "properties", "additionalProperties", "items", "minItems", "maxItems", "minimum", "maximum", "minLength", "maxLength", "enum",
        "description", "format",
    ];

    /// <summary>What is wrong with a value; empty when nothing is.</summary>
    public static IReadOnlyList<string> Faults(JsonNode document, JsonNode schema, JsonNode? value, string path = "$")
    {
        var rules = Resolve(document, schema).AsObject();
        var faults = rules.Where(rule => !_known.Contains(rule.Key)).Select(rule => $"{path}: the keyword {rule.Key} is not known here").ToList();
        if (rules["oneOf"] is JsonArray choices)
        {
            var met = choices.Count(choice => Faults(document, choice!, value, path).Count == 0);
            faults.AddRange(met == 1 ? [] : [$"{path}: meets {met} of the choices"]);
        }

        if (rules["enum"] is JsonArray allowed && !allowed.Any(one => JsonNode.DeepEquals(one, value)))
        {
            faults.Add($"{path}: is not one of {allowed.ToJsonString()}");
        }

        faults.AddRange((string?)rules["type"] switch
        {
            null => [],
            "object" when value is JsonObject members => Members(document, rules, members, path),
            "array" when value is JsonArray items => Items(document, rules, items, path),
            "string" when value?.GetValueKind() == JsonValueKind.String => Range(rules, "minLength", "maxLength", ((string)value!).Length, path),
            "number" when value?.GetValueKind() == JsonValueKind.Number => Range(rules, "minimum", "maximum", Number(value), path),
            "integer" when value?.GetValueKind() == JsonValueKind.Number && Number(value) == Math.Floor(Number(value)) =>
                Range(rules, "minimum", "maximum", Number(value), path),
            var type => [$"{path}: is no {type}"],
        });
        return faults;
    }

    public static JsonNode Resolve(JsonNode document, JsonNode schema) =>
        schema["$ref"] is { } reference ? Find(document, (string)reference!) ?? throw new InvalidOperationException($"{reference} leads nowhere.") : schema;

    public static JsonNode? Find(JsonNode document, string reference) =>
        reference.Split('/').Skip(1).Aggregate((JsonNode?)document, static (node, name) => node?[name]);

    private static double Number(JsonNode value) => value.Deserialize<double>();

    private static IEnumerable<string> Members(JsonNode document, JsonObject rules, JsonObject members, string path)
    {
        var properties = rules["properties"] as JsonObject ?? [];
        var missing = (rules["required"] as JsonArray ?? []).Select(name => (string)name!).Where(name => !members.ContainsKey(name)).Select(name => $"{path}: {name} is missing");
        var unknown = (bool?)rules["additionalProperties"] == false
            ? members.Where(member => !properties.ContainsKey(member.Key)).Select(member => $"{path}: {member.Key} is not in the document")
            : [];
        return [.. missing, .. unknown, .. members.Where(member => properties.ContainsKey(member.Key))
            .SelectMany(member => Faults(document, properties[member.Key]!, member.Value, $"{path}.{member.Key}"))];
    }

    private static IEnumerable<string> Items(JsonNode document, JsonObject rules, JsonArray items, string path) =>
    [
        .. Range(rules, "minItems", "maxItems", items.Count, path),
        .. rules["items"] is { } each ? items.SelectMany((item, i) => Faults(document, each, item, $"{path}[{i}]")) : [],
    ];

    private static IEnumerable<string> Range(JsonObject rules, string least, string most, double value, string path)
    {
        if (rules[least] is { } from && value < Number(from))
        {
            yield return $"{path}: {value} is less than {least} {from}";
        }

        if (rules[most] is { } to && value > Number(to))
        {
            yield return $"{path}: {value} is more than {most} {to}";
        }
    }
}
