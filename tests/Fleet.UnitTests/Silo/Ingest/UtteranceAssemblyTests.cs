using Fleet.Silo.Ingest;
using Fleet.V1;
using Microsoft.Extensions.Options;

namespace Fleet.UnitTests.Silo.Ingest;

public sealed class UtteranceAssemblyTests
{
    private readonly AudioMemory _memory = new(Options.Create(new IngestOptions { MaxTotalAudioBytes = 2 * 1024 * 1024 }));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(3_200)]
    [InlineData(100_000)]
    public void Append_AnyChunking_KeepsEveryByteInOrder(int chunkBytes)
    {
        var pcm = new byte[123_456];
        new Random(chunkBytes).NextBytes(pcm);
        var sut = CreateSut();

        for (var offset = 0; offset < pcm.Length; offset += chunkBytes)
        {
            sut.TryAppend((ulong)offset, pcm.AsSpan(offset, Math.Min(chunkBytes, pcm.Length - offset))).ShouldBeTrue();
        }

        sut.Audio.Pcm.ToArray().ShouldBe(pcm);
        sut.Verify(new UtteranceEnd { LengthBytes = (ulong)pcm.Length }).ShouldBeNull();
    }

    [Fact]
    public void Append_WrongOffset_IsRefusedAndChangesNothing()
    {
        var sut = CreateSut();
        sut.TryAppend(0, new byte[4]).ShouldBeTrue();

        sut.TryAppend(0, new byte[4]).ShouldBeFalse();
        sut.TryAppend(6, new byte[4]).ShouldBeFalse();

        sut.Audio.Length.ShouldBe(4);
    }

    [Fact]
    public void Verify_Crc32C_OfTheStandardCheckValue()
    {
        var sut = CreateSut();
        sut.TryAppend(0, "12345"u8).ShouldBeTrue();
        sut.TryAppend(5, "6789"u8).ShouldBeTrue();

        sut.Verify(new UtteranceEnd { LengthBytes = 9, Crc32C = 0xE3069283 }).ShouldBeNull();
        sut.Verify(new UtteranceEnd { LengthBytes = 9, Crc32C = 0xE3069284 }).ShouldNotBeNull().ShouldContain("crc32c");
        sut.Verify(new UtteranceEnd { LengthBytes = 8 }).ShouldNotBeNull().ShouldContain("length_bytes is 8");
    }

    [Fact]
    public void Resumed_ChecksumIsOfAllOfIt()
    {
        var sut = new UtteranceAssembly(Guid.NewGuid(), new UtteranceStart(), PooledAudio.CopyOf("1234567"u8, _memory));

        sut.TryAppend(0, "89"u8).ShouldBeFalse();
        sut.TryAppend(7, "89"u8).ShouldBeTrue();

        sut.Verify(new UtteranceEnd { LengthBytes = 9, Crc32C = 0xE3069283 }).ShouldBeNull();
    }

    [Fact]
    public void Audio_Disposed_GivesItsBytesBackOnce()
    {
        var sut = CreateSut();
        sut.TryAppend(0, new byte[1_000_000]);
        _memory.HeldBytes.ShouldBe(1_000_000);
        _memory.IsFull.ShouldBeFalse();
        sut.TryAppend(1_000_000, new byte[1_100_000]);
        _memory.IsFull.ShouldBeTrue();

        sut.Audio.Dispose();
        sut.Audio.Dispose();

        _memory.HeldBytes.ShouldBe(0);
        Should.Throw<ObjectDisposedException>(() => sut.Audio.Pcm);
    }

    private UtteranceAssembly CreateSut() => new(Guid.NewGuid(), new UtteranceStart(), new PooledAudio(_memory));
}
