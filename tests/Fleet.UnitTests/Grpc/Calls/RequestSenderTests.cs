using Grpc.Core;
using Grpc.Net.Client.Calls;

namespace Fleet.UnitTests.GrpcCalls;

public sealed class RequestSenderTests
{
    private readonly TaskCompletionSource _contentDone = new();

    [Fact]
    public void Added_TransportIsFree_MessageLeavesAtOnce()
    {
        GatedStream stream = new(open: true);
        var sut = CreateSut(stream);

        Add(sut, [1]).IsCompletedSuccessfully.ShouldBeTrue();
        Add(sut, [2]).IsCompletedSuccessfully.ShouldBeTrue();

        stream.Seen.ShouldBe(["w:000000000101", "flush", "w:000000000102", "flush"]);
    }

    [Fact]
    public void Added_TransportIsBusy_MessagesLeaveTogetherAndInOrder()
    {
        GatedStream stream = new(open: false);
        var sut = CreateSut(stream);

        foreach (byte message in new byte[] { 1, 2, 3 })
        {
            Add(sut, [message]).IsCompletedSuccessfully.ShouldBeTrue();
        }

        stream.Seen.ShouldBe(["w:000000000101"]);
        stream.Take();
        stream.Take();

        // One flush: the first message was followed by others, which flush it too.
        stream.Seen.ShouldBe(["w:000000000101", "w:000000000102000000000103", "flush"]);
    }

    [Fact]
    public async Task Added_FarAheadOfTheTransport_Waits()
    {
        GatedStream stream = new(open: false);
        var sut = CreateSut(stream);
        var added = 0L;
        Task room = Task.CompletedTask;
        while (room.IsCompletedSuccessfully)
        {
            added += 1005;
            room = Add(sut, new byte[1000]);
        }

        added.ShouldBeInRange(RequestSender.AheadLimitBytes, RequestSender.AheadLimitBytes + 3000);
        stream.Take();

        await room;
    }

    [Fact]
    public async Task Added_MessageLargerThanTheLimit_OnlyOneIsAhead()
    {
        GatedStream stream = new(open: false);
        var sut = CreateSut(stream);

        Add(sut, new byte[100_000]).IsCompletedSuccessfully.ShouldBeTrue();
        var second = Add(sut, new byte[100_000]);

        second.IsCompleted.ShouldBeFalse();
        stream.Take();
        await second;
        stream.Seen.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Added_WithoutFlush_WaitsForTheNextOneOrForTheEnd()
    {
        GatedStream stream = new(open: true);
        var sut = CreateSut(stream);

        await Add(sut, [1], flush: false);
        stream.Seen.ShouldBeEmpty();
        await Add(sut, [2]);
        await Add(sut, [3], flush: false);
        stream.Seen.ShouldBe(["w:000000000101000000000102", "flush"]);

        await sut.CompleteAsync();

        // The end of the stream flushes.
        stream.Seen.ShouldBe(["w:000000000101000000000102", "flush", "w:000000000103"]);
        _contentDone.Task.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void Added_MessageThatCannotBeSerialized_LeavesOutOnlyThatOne()
    {
        GatedStream stream = new(open: false);
        var sut = CreateSut(stream);

        Add(sut, [1]);
        Add(sut, [2]);
        Should.Throw<FormatException>(() => Add(sut, [3], serializer: static (message, context) =>
        {
            context.SetPayloadLength(1);
            context.GetBufferWriter().GetSpan(1)[0] = message[0];
            context.GetBufferWriter().Advance(1);
            throw new FormatException();
        }));
        Add(sut, [4]);
        stream.Take();
        stream.Take();

        stream.Seen.ShouldBe(["w:000000000101", "w:000000000102000000000104", "flush"]);
    }

    [Fact]
    public async Task Complete_MessagesWait_EndsTheStreamBehindThem()
    {
        GatedStream stream = new(open: false);
        var sut = CreateSut(stream);
        _ = Add(sut, [1]);
        _ = Add(sut, [2]);

        var completed = sut.CompleteAsync();

        completed.IsCompleted.ShouldBeFalse();
        stream.Take();
        _contentDone.Task.IsCompleted.ShouldBeFalse();
        stream.Take();
        _contentDone.Task.IsCompletedSuccessfully.ShouldBeTrue();
        await completed;
        stream.Seen.ShouldBe(["w:000000000101", "w:000000000102"]);
    }

    [Fact]
    public void Complete_BeforeTheRequestBegins_EndsTheStreamWhenItDoes()
    {
        RequestSender sut = new(maxMessageSize: null, CancellationToken.None);

        sut.CompleteAsync().IsCompletedSuccessfully.ShouldBeTrue();
        sut.Attach(new GatedStream(open: true), _contentDone);

        _contentDone.Task.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task Send_Fails_WriterLearnsItAndTheStreamDoesNotLookWhole()
    {
        GatedStream stream = new(open: false) { Failure = new IOException("reset") };
        var sut = CreateSut(stream);
        _ = Add(sut, [1]);
        var waiting = Add(sut, new byte[100_000]);

        stream.Take();

        (await Should.ThrowAsync<IOException>(waiting)).Message.ShouldBe("reset");
        await Should.ThrowAsync<IOException>(() => Add(sut, [2]));
        await sut.CompleteAsync();
        _contentDone.Task.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void Attach_AfterAMessageWasSent_IsRefused()
    {
        var sut = CreateSut(new GatedStream(open: true));
        Add(sut, [1]);

        Should.Throw<IOException>(() => sut.Attach(new GatedStream(open: true), new TaskCompletionSource()));
    }

    [Fact]
    public void CallEnded_ContentAndWriterAreReleased()
    {
        var sut = CreateSut(new GatedStream(open: false));
        RequestSender withoutRequest = new(maxMessageSize: null, CancellationToken.None);

        sut.OnCallEnded();
        withoutRequest.OnCallEnded();

        _contentDone.Task.IsCanceled.ShouldBeTrue();
        withoutRequest.Attached.IsCanceled.ShouldBeTrue();
    }

    [Fact]
    public async Task CallEnded_WhileTheTransportTakesNothing_WriterAndWriteAreReleased()
    {
        // A server that ends its reply and reads no more, without a reset: no window ever opens.
        GatedStream stream = new(open: false);
        var sut = CreateSut(stream);
        _ = Add(sut, [1]);
        var waiting = Add(sut, new byte[100_000]);

        sut.OnCallEnded();

        await Should.ThrowAsync<OperationCanceledException>(waiting.WaitAsync(TimeSpan.FromSeconds(30)));
        stream.LastToken.IsCancellationRequested.ShouldBeTrue();
    }

    private static Task Add(
        RequestSender sut, byte[] message, bool flush = true, Action<byte[], SerializationContext>? serializer = null)
    {
        var buffer = sut.Add();
        var appended = false;
        try
        {
            buffer.Append(message, serializer ?? (static (bytes, context) => context.Complete(bytes)), compression: null);
            appended = true;
        }
        finally
        {
            if (!appended)
            {
                _ = sut.Added(flush: false);
            }
        }

        return sut.Added(flush);
    }

    private RequestSender CreateSut(GatedStream stream)
    {
        RequestSender sut = new(maxMessageSize: null, CancellationToken.None);
        sut.Attach(stream, _contentDone);
        return sut;
    }
}
