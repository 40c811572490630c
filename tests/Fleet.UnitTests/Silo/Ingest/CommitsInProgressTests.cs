using Fleet.Silo.Ingest;
using Fleet.Storage;

namespace Fleet.UnitTests.Silo.Ingest;

public sealed class CommitsInProgressTests
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(10);

    private readonly CommitsInProgress _sut = new();

    [Fact]
    public async Task Wait_TheSameTwiceAndAnother_IsOverWithTheLast()
    {
        var (twice, once) = (new UtteranceKey("pi", Guid.NewGuid()), new UtteranceKey("pi", Guid.NewGuid()));
        _sut.Begin(twice);
        _sut.Begin(twice);
        _sut.Begin(once);
        var wait = _sut.WaitAsync([twice, once, new UtteranceKey("pi", Guid.NewGuid())], CancellationToken.None);

        _sut.End(once);
        _sut.End(twice);
        wait.IsCompleted.ShouldBeFalse();
        _sut.End(twice);

        await wait.WaitAsync(_deadline);
    }

    [Fact]
    public async Task Wait_PatienceEnds_IsCancelled()
    {
        var key = new UtteranceKey("pi", Guid.NewGuid());
        _sut.Begin(key);
        using var patience = new CancellationTokenSource();
        var wait = _sut.WaitAsync([key], patience.Token);

        await patience.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => wait.WaitAsync(_deadline));
        _sut.WaitAsync([new UtteranceKey("pi", Guid.NewGuid())], CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue();
    }
}
