using System.Text.Json;
using Fleet.Contracts.Actors;
using Fleet.V1;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Fleet.UnitTests.Contracts.Orleans;

/// <summary>Each message of the actors arrives as it was sent, also with lists of the kinds that a compiler makes.</summary>
public sealed class SurrogateTests
{
    private static readonly DateTimeOffset _then = new(2026, 11, 26, 1, 2, 3, TimeSpan.Zero);

    public static TheoryData<object> Messages => new(
        new SessionAddress("127.0.0.1:11111@5", Guid.NewGuid()),
        new SessionRequest(new SessionAddress("a", Guid.NewGuid()), Guid.NewGuid(), Guid.NewGuid(), "agent 1", ["lost", "resume"], 7, 5, "ipv4:192.0.2.1"),
        new SessionRequest(new SessionAddress("a", Guid.NewGuid()), Guid.NewGuid(), Guid.NewGuid(), "", [], 1),
        SessionOpening.Opened(9, 4),
        SessionOpening.Refused(SessionOpeningStatus.CopiedInstall, "stop one of the two"),
        new SessionResumption(3, new SessionAddress("b", Guid.NewGuid()), Guid.NewGuid(), "agent 2"),
        new DeviceReport(2, 64_000, [.. Enumerable.Repeat("microphone-silent", 1)], 8, 6),
        new ReportedNumbers(3, 8, 6),
        new DeviceCounters(1, 2, 3, 4, 5),
        new TranscriptNotice(Guid.NewGuid(), UtteranceStatus.Transcribed, "text", 0.5f, "", "engine", "model"),
        new TranscriptNotice(Guid.NewGuid(), UtteranceStatus.Failed, "", null, "reason", "", ""),
        NewPresence(report: new DeviceReport(0, 0, ["disk-full"], 1), numbers: new ReportedNumbers(1, 2, 3)),
        NewPresence(report: null, numbers: null));

    [Theory]
    [MemberData(nameof(Messages))]
    public void Message_ThroughTheWire_IsTheSame(object message)
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();

        var arrived = serializer.Deserialize<object>(serializer.SerializeToArray(message));

        arrived.ShouldBeOfType(message.GetType());
        // By what is in it: a list arrives as an array, whatever it was.
        JsonSerializer.Serialize(arrived).ShouldBe(JsonSerializer.Serialize(message));
    }

    [Fact]
    public void Answer_ThroughTheWire_IsTheSame()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();

        serializer.Deserialize<Admission>(serializer.SerializeToArray(Admission.Unavailable)).ShouldBe(Admission.Unavailable);
        serializer.Deserialize<SessionStanding>(serializer.SerializeToArray(SessionStanding.Unavailable)).ShouldBe(SessionStanding.Unavailable);
        serializer.Deserialize<UtteranceOutcome>(serializer.SerializeToArray(UtteranceOutcome.Rejected)).ShouldBe(UtteranceOutcome.Rejected);
    }

    private static DevicePresence NewPresence(DeviceReport? report, ReportedNumbers? numbers) => new()
    {
        DeviceId = "pi",
        Online = true,
        SessionEpoch = 4,
        ConnectedSince = report is null ? null : _then,
        LastSeen = _then,
        AgentVersion = "agent 1",
        OpenUtterances = 1,
        CommittingUtterances = 2,
        SettingsVersionApplied = 3,
        Report = report,
        Numbers = numbers,
        Counters = new DeviceCounters(1, 2, 3, 4, 5),
    };
}
