namespace Fleet.UnitTests.GrpcCalls;

/// <summary>A transport that takes what is written when the test lets it; records writes as "w:" and their bytes, flushes as "flush".</summary>
internal sealed class GatedStream(bool open) : Stream
{
    private readonly Queue<TaskCompletionSource> _waiting = new();

    public List<string> Seen { get; } = [];

    public Exception? Failure { get; set; }

    public CancellationToken LastToken { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Takes the oldest write that waits; what follows from it has happened when this returns.</summary>
    public void Take()
    {
        // The context of a test would queue what follows.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            _waiting.Dequeue().SetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Seen.Add($"w:{Convert.ToHexString(buffer.Span)}");
        LastToken = cancellationToken;
        if (!open)
        {
            TaskCompletionSource taken = new();
            _waiting.Enqueue(taken);
            await taken.Task.ConfigureAwait(false);
        }

        if (Failure is not null)
        {
            throw Failure;
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Seen.Add("flush");
        return Task.CompletedTask;
    }

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
