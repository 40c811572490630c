using System.Globalization;
using System.Text.Json;

namespace Fleet.Chaos.Ledgers;

/// <summary>The ledger of one device (device-agent --ledger), read.</summary>
/// <param name="DeviceId">Whose.</param>
/// <param name="Entries">In the order in which they were begun.</param>
/// <param name="Starts">Starts of the agent.</param>
/// <param name="Damage">Lines that no kill explains: the ledger proves nothing then.</param>
internal sealed record Ledger(string DeviceId, IReadOnlyList<LedgerEntry> Entries, int Starts, IReadOnlyList<string> Damage)
{
    private const string Extension = ".ledger";

    /// <summary>All ledgers of a folder.</summary>
    public static IReadOnlyList<Ledger> ReadFolder(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal)
            .Select(file => Parse(Path.GetFileNameWithoutExtension(file), File.ReadLines(file))),
    ];

    public static Ledger Parse(string deviceId, IEnumerable<string> lines)
    {
        var entries = new List<LedgerEntry>();
        var damage = new List<string>();
        LedgerEntry? open = null;
        string? torn = null;
        var starts = 0;
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            if (!TryParse(line, out var fields))
            {
                torn ??= string.Create(CultureInfo.InvariantCulture, $"{deviceId}: line {number} is none of a ledger");
                continue;
            }

            if (fields.TryGetProperty("boot", out _))
            {
                // A kill tears the last line before the next start, no other.
                (open, torn) = (null, null);
                starts++;
                continue;
            }

            if (torn is not null || !Apply(deviceId, fields, entries, ref open))
            {
                damage.Add(torn ?? string.Create(CultureInfo.InvariantCulture, $"{deviceId}: line {number} does not fit the one before"));
                torn = null;
            }
        }

        return new Ledger(deviceId, entries, starts, damage);
    }

    private static bool TryParse(string line, out JsonElement fields)
    {
        fields = default;
        try
        {
            using var document = JsonDocument.Parse(line);
            fields = document.RootElement.Clone();
            return fields.ValueKind == JsonValueKind.Object && fields.TryGetProperty("at", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Apply(string deviceId, JsonElement fields, List<LedgerEntry> entries, ref LedgerEntry? open)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(fields.GetProperty("at").GetInt64());
        if (fields.TryGetProperty("begin", out var begun))
        {
            open = new LedgerEntry(deviceId, begun.GetGuid(), fields.GetProperty("seq").GetInt64(), at);
            entries.Add(open);
            return true;
        }

        var isEnd = fields.TryGetProperty("end", out var id);
        if (open is null || (!isEnd && !fields.TryGetProperty("part", out id)) || id.GetGuid() != open.UtteranceId)
        {
            return false;
        }

        var part = new LedgerPart(fields.GetProperty("bytes").GetInt64(), fields.GetProperty("sha256").GetString() ?? "");
        if (isEnd)
        {
            var fits = part.Bytes == open.Bytes && part.Sha256 == open.Sha256;
            open.End(at);
            open = null;
            return fits;
        }

        var grows = part.Bytes > open.Bytes;
        open.Add(part, at);
        return grows;
    }
}
