using System.Threading.Channels;
using Fleet.DeviceAgent.Uplink;

namespace Fleet.UnitTests.Agent.Uplink;

/// <summary>A cloud that does what the test says: each call that the device opens is handed to the test.</summary>
internal sealed class FakeCloud : IIngestConnector
{
    private readonly Channel<FakeSession> _calls = Channel.CreateBounded<FakeSession>(100);

    /// <summary>While set, calls cannot be opened.</summary>
    public IngestException? Refuses { get; set; }

    public int Attempts { get; private set; }

    /// <summary>Of each attempt.</summary>
    public List<int> Turns { get; } = [];

    public async Task<IIngestConnection> ConnectAsync(int turn, CancellationToken cancellationToken)
    {
        Attempts++;
        Turns.Add(turn);
        if (Refuses is { } fault)
        {
            throw fault;
        }

        var session = new FakeSession();
        await _calls.Writer.WriteAsync(session, cancellationToken);
        return session;
    }

    public ValueTask<FakeSession> AcceptAsync() => Deadline.Of(_calls.Reader.ReadAsync(), "the device to connect");
}
