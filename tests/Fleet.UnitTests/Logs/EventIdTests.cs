using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Fleet.UnitTests.Logs;

/// <summary>What alerts and searches rely on: an id means one thing in the whole product, and tells which program wrote it.</summary>
public sealed class EventIdTests
{
    private static readonly (Assembly Assembly, int From, int To)[] _programs =
    [
        (typeof(Fleet.DeviceAgent.CommandLine.AgentRun).Assembly, 100, 999),
        (typeof(Fleet.Silo.Hosting.SiloHost).Assembly, 1000, 1999),
        (typeof(Fleet.Scoring.Hosting.ScoringServer).Assembly, 2000, 2999),
        (typeof(Fleet.Storage.FleetDatabase).Assembly, 3000, 3999),
        (typeof(Fleet.Dashboard.Hosting.DashboardHost).Assembly, 4000, 4999),
    ];

    [Fact]
    public void EventIds_AllPrograms_AreUnique()
    {
        var twice = _programs.SelectMany(program => Events(program.Assembly))
            .GroupBy(message => message.Id)
            .Where(group => group.Count() > 1)
            .Select(group => $"{group.Key}: {string.Join(", ", group.Select(message => message.Place))}");

        twice.ShouldBeEmpty();
    }

    [Fact]
    public void EventIds_EachProgram_KeepsToItsThousand()
    {
        foreach (var (assembly, from, to) in _programs)
        {
            var events = Events(assembly);
            events.ShouldNotBeEmpty();
            events.Where(message => message.Id < from || message.Id > to).Select(message => $"{message.Place} has {message.Id}, not {from} to {to}").ShouldBeEmpty();
        }
    }

    [Fact]
    public void Operations_TableOfEvents_NamesThemWithTheirLevels()
    {
        var levels = _programs.SelectMany(program => Events(program.Assembly)).ToDictionary(message => message.Id, message => message.Level);
        var rows = File.ReadLines(Path.Combine(Fleet.Testing.RepositoryPaths.Root, "docs", "operations.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length > 3 && int.TryParse(cells[1], out var id) && id >= 100 && Enum.TryParse<LogLevel>(cells[2], out _))
            .ToList();

        rows.Count.ShouldBeGreaterThan(15);
        foreach (var cells in rows)
        {
            var id = int.Parse(cells[1], System.Globalization.CultureInfo.InvariantCulture);
            levels.ShouldContainKey(id);
            levels[id].ToString().ShouldBe(cells[2], $"event {id} in docs/operations.md");
        }
    }

    private static List<(int Id, LogLevel Level, string Place)> Events(Assembly assembly) =>
    [
        .. assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (Method: method, Attribute: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(found => found.Attribute is not null)
            .Select(found => (found.Attribute!.EventId, found.Attribute.Level, $"{found.Method.DeclaringType?.Name}.{found.Method.Name}")), // not null: filtered
    ];
}
