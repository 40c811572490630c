using Fleet.Silo.Ingest;

namespace Fleet.UnitTests.Silo.Ingest;

public sealed class CreditAccountTests
{
    [Fact]
    public void TryTake_UpToTheCredit_ThenNoMoreUntilReleased()
    {
        var sut = new CreditAccount(100);

        sut.TryTake(60).ShouldBeTrue();
        sut.TryTake(40).ShouldBeTrue();
        sut.OutstandingBytes.ShouldBe(100);
        sut.Release(60);
        sut.TryTake(60).ShouldBeTrue();
        sut.TryTake(1).ShouldBeFalse();
    }
}
