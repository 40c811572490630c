using Fleet.Testing;
using Grpc.Core;

namespace Fleet.IntegrationTests.Silo.BadInput;

/// <summary>Random streams, the same in each run: whatever comes, the session ends as the protocol says and leaves nothing behind.</summary>
[Collection(SharedSilo.Name)]
public sealed class IngestFuzzTests(BadInputSilo fixture)
{
    private const int Streams = 300;

    // Those of device_ingest.proto, and the one of a session that ended as it should.
    private static readonly StatusCode[] _documented =
    [
        StatusCode.OK, StatusCode.InvalidArgument, StatusCode.FailedPrecondition, StatusCode.AlreadyExists, StatusCode.Aborted,
        StatusCode.ResourceExhausted, StatusCode.Unavailable,
    ];

    [PostgresFact]
    public Task Streams_Random_EndWithADocumentedStatusAndLeaveNothing() => fixture.WhileAnotherSpeaksAsync(async silo =>
    {
        using var channel = silo.NewChannel();
        var ends = new Dictionary<StatusCode, int>();
        for (var seed = 0; seed < Streams; seed++)
        {
            using var device = new RawDevice(silo, channel);
            foreach (var message in new FuzzMessages(seed).Stream())
            {
                if (!await device.TrySendAsync(message))
                {
                    break;
                }
            }

            try
            {
                await device.HalfCloseAsync();
            }
            catch (Exception exception) when (exception is RpcException or InvalidOperationException)
            {
                // Ended already.
            }

            var status = await device.EndAsync();
            _documented.ShouldContain(status.StatusCode, $"seed {seed}: {status}");
            ends[status.StatusCode] = ends.GetValueOrDefault(status.StatusCode) + 1;
        }

        // A fuzzer that is always refused at the door tests the door.
        ends.GetValueOrDefault(StatusCode.OK).ShouldBeGreaterThan(Streams / 20);
        ends.GetValueOrDefault(StatusCode.InvalidArgument).ShouldBeGreaterThan(Streams / 20);

        // What is left is the bystander's.
        await SiloTestBase.EventuallyAsync(() => Task.FromResult(fixture.Memory.HeldBytes == 3_200), "only the other device's audio is held");
        await SiloTestBase.EventuallyAsync(() => Task.FromResult(fixture.Sessions.Count == 1), "only the other device has a session");
    });
}
