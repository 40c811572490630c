using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Fleet.Silo.Hosting;

/// <summary>
/// Memory between sockets and streams, in larger blocks than the server's 4 KiB: one system call brings as much as a block holds, so many messages of
/// many utterances cost few calls. What it brings is in docs/benchmarks.md, "gRPC". A connection without data holds no block.
/// </summary>
/// <param name="blockBytes">Bytes of a block.</param>
internal sealed class TransportMemory(int blockBytes) : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options) => new Blocks(blockBytes);

    // The shared pool beneath trims itself when memory gets short.
    private sealed class Blocks(int blockBytes) : MemoryPool<byte>
    {
        public override int MaxBufferSize => blockBytes;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, blockBytes);
            return Shared.Rent(blockBytes);
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
