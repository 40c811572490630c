using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Fleet.Silo.Hosting;

/// <summary>
/// Memory between sockets and streams, in larger blocks than the server's 4 KiB: one system call brings as much as a block holds, so many messages of
/// many utterances cost few calls. What it brings is in docs/benchmarks.md, "gRPC". A connection without data holds no block.
/// </summary>
/// <param name="blockBytes">Bytes of a block.</param>
internal sealed class TransportMemory(int blockBytes) : IMemoryPoolFactory<byte>
{
    // Kept for the next streams; what is beyond is the garbage collector's. The shared array pool keeps only some dozens of this size, and a few
    // hundred streams at a time would allocate one for nearly every message.
    private const int KeptBytes = 32 * 1024 * 1024;

    private readonly ConcurrentQueue<byte[]> _free = new();
    private readonly int _mostFree = KeptBytes / blockBytes;
    private int _freeCount;

    public MemoryPool<byte> Create(MemoryPoolOptions? options) => new Blocks(this, blockBytes);

    private byte[] Take()
    {
        if (_free.TryDequeue(out var block))
        {
            Interlocked.Decrement(ref _freeCount);
            return block;
        }

        return GC.AllocateUninitializedArray<byte>(blockBytes);
    }

    private void Return(byte[] block)
    {
        if (Interlocked.Increment(ref _freeCount) <= _mostFree)
        {
            _free.Enqueue(block);
        }
        else
        {
            Interlocked.Decrement(ref _freeCount);
        }
    }

    // The pools of all the server's queues share their blocks.
    private sealed class Blocks(TransportMemory memory, int blockBytes) : MemoryPool<byte>
    {
        public override int MaxBufferSize => blockBytes;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, blockBytes);
            return new Rented(memory);
        }

        protected override void Dispose(bool disposing)
        {
        }
    }

    private sealed class Rented(TransportMemory memory) : IMemoryOwner<byte>
    {
        private byte[]? _block = memory.Take();

        public Memory<byte> Memory => _block ?? throw new ObjectDisposedException(nameof(TransportMemory));

        public void Dispose()
        {
            // Twice is harmless: a block that were free twice would be two streams' at once.
            if (Interlocked.Exchange(ref _block, null) is { } block)
            {
                memory.Return(block);
            }
        }
    }
}
