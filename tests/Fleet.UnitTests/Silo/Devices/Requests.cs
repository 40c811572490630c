using Fleet.Contracts.Actors;
using Fleet.V1;

namespace Fleet.UnitTests.Silo.Devices;

internal static class Requests
{
    public static SessionRequest Session() =>
        new(new SessionAddress("silo", Guid.NewGuid()), Guid.NewGuid(), Guid.NewGuid(), "agent 1", [], 1);

    public static TranscriptNotice Transcript() => new(Guid.NewGuid(), UtteranceStatus.Transcribed, "text", null, "", "engine", "model");
}
