using Fleet.Contracts.Actors;
using Fleet.Silo.Devices;

namespace Fleet.UnitTests.Silo.Devices;

internal sealed class FakeDownlink : ISessionDownlink
{
    public List<(SessionAddress Address, TranscriptNotice Transcript)> Transcripts { get; } = [];

    public List<(SessionAddress Address, long NewSessionEpoch)> Superseded { get; } = [];

    public List<(SessionAddress Address, Guid NewInstallId)> Replaced { get; } = [];

    public bool IsStreamThere { get; set; } = true;

    public ValueTask<bool> SendTranscriptAsync(SessionAddress address, TranscriptNotice transcript)
    {
        Transcripts.Add((address, transcript));
        return ValueTask.FromResult(IsStreamThere);
    }

    public ValueTask SupersedeAsync(SessionAddress address, long newSessionEpoch)
    {
        Superseded.Add((address, newSessionEpoch));
        return ValueTask.CompletedTask;
    }

    public ValueTask ReplaceAsync(SessionAddress address, Guid newInstallId)
    {
        Replaced.Add((address, newInstallId));
        return ValueTask.CompletedTask;
    }
}
