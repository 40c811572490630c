using Fleet.Silo.Ingest;
using Microsoft.Extensions.Options;

namespace Fleet.UnitTests.Silo.Ingest;

public sealed class AudioMemoryTests
{
    private const int Limit = 8 * 1024 * 1024;
    private const int Eighth = Limit / 8;

    private readonly AudioMemory _sut = new(Options.Create(new IngestOptions { MaxTotalAudioBytes = Limit }));

    [Fact]
    public void Short_WhenTheDatabaseTakesNothing_AndNotAgainBeforeThereIsRoom()
    {
        Hold(7 * Eighth - 2);
        _sut.AddCommitting(7 * Eighth - 2);
        _sut.IsShort.ShouldBeFalse();
        var changed = _sut.ShortageChanged;

        Hold(2);

        _sut.IsShort.ShouldBeTrue();
        changed.IsCompleted.ShouldBeTrue();
        Hold(-Eighth + 2);
        _sut.IsShort.ShouldBeTrue();
        Hold(-2);
        _sut.IsShort.ShouldBeFalse();
        Hold(2);
        _sut.IsShort.ShouldBeFalse();
    }

    [Fact]
    public void Short_NotWhenWhatArrivesFillsIt_SinceWhoCannotFinishHoldsItForEver()
    {
        Hold(Limit);

        _sut.IsFull.ShouldBeTrue();
        _sut.IsShort.ShouldBeFalse();
        _sut.IsBeyond.ShouldBeFalse();
        Hold(Eighth);
        _sut.IsBeyond.ShouldBeTrue();
    }

    [Fact]
    public void Short_EndsWhenTheDatabaseHasTakenWhatWaited()
    {
        Hold(7 * Eighth);
        _sut.AddCommitting(2 * Eighth);
        _sut.IsShort.ShouldBeTrue();

        _sut.AddCommitting(-Eighth);

        _sut.IsShort.ShouldBeFalse();
    }

    [Fact]
    public async Task Short_CountedByManyAtOnce_IsRightInTheEnd()
    {
        for (var round = 0; round < 200; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            {
                Hold(Eighth);
                _sut.AddCommitting(Eighth);
            })));
            _sut.IsShort.ShouldBeTrue();
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            {
                _sut.AddCommitting(-Eighth);
                Hold(-Eighth);
            })));
            _sut.IsShort.ShouldBeFalse();
        }
    }

    private void Hold(int bytes) => _sut.Add(bytes);
}
