using Fleet.Silo.Hosting;

namespace Fleet.UnitTests.Silo.Hosting;

public sealed class TransportMemoryTests
{
    [Fact]
    public void Rent_AfterManyAtOnce_AllocatesNoMoreBlocks()
    {
        using var sut = new TransportMemory(32_768).Create(null);
        for (var round = 0; round < 2; round++)
        {
            RentAtOnce(sut, 512);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        RentAtOnce(sut, 512);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(32_768 * 4);
    }

    [Fact]
    public void Dispose_Twice_GivesTheBlockBackOnce()
    {
        using var sut = new TransportMemory(4_096).Create(null);
        var rented = sut.Rent();
        rented.Memory.Length.ShouldBe(4_096);
        rented.Dispose();
        rented.Dispose();

        using var first = sut.Rent();
        using var second = sut.Rent();

        first.Memory.Span[0] = 1;
        second.Memory.Span[0] = 2;
        first.Memory.Span[0].ShouldBe((byte)1);
        Should.Throw<ObjectDisposedException>(() => rented.Memory);
        Should.Throw<ArgumentOutOfRangeException>(() => sut.Rent(4_097));
    }

    private static void RentAtOnce(System.Buffers.MemoryPool<byte> pool, int count)
    {
        var rented = new System.Buffers.IMemoryOwner<byte>[count];
        for (var i = 0; i < count; i++)
        {
            rented[i] = pool.Rent();
        }

        foreach (var each in rented)
        {
            each.Dispose();
        }
    }
}
