using Fleet.Audio;
using Fleet.DeviceAgent.Capture.Live;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Agent.Capture.Live;

public sealed class SampleQueueTests
{
    private static readonly TimeSpan _oneSecond = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Write_WithinTheBound_ComesOutInOrderWithItsLevelsOnce()
    {
        var sut = new SampleQueue(_oneSecond, new FakeTimeProvider());
        var samples = Enumerable.Range(0, 10_000).Select(static i => (short)i).ToArray();

        sut.Write(samples, InputLevels.Of(samples));
        sut.Complete();

        var (heard, gaps, levels) = await ReadAsync(sut);
        heard.ShouldBe(samples);
        gaps.ShouldBe(0);
        levels.ShouldBe(InputLevels.Of(samples));
    }

    [Fact]
    public async Task Write_BeyondTheBound_IsDroppedCountedAndLeavesAGap()
    {
        var sut = new SampleQueue(_oneSecond, new FakeTimeProvider());

        sut.Write(new short[40_000], default);
        sut.Dropped.ShouldBe(TimeSpan.FromSeconds(1.5));
        var reading = ReadAsync(sut, until: 16_000);
        (await reading).Heard.Count.ShouldBe(16_000);
        sut.Write(new short[1_600], default);
        sut.Complete();

        var (heard, gaps, _) = await ReadAsync(sut);
        heard.Count.ShouldBe(1_600);
        gaps.ShouldBe(1);
    }

    [Fact]
    public async Task MarkGap_FullQueue_IsToldBeforeTheNextSound()
    {
        var sut = new SampleQueue(_oneSecond, new FakeTimeProvider());
        sut.Write(new short[16_000], default);

        sut.MarkGap();
        await ReadAsync(sut, until: 16_000);
        sut.Write(new short[100], default);
        sut.Complete();

        var (heard, gaps, _) = await ReadAsync(sut);
        (heard.Count, gaps).ShouldBe((100, 1));
    }

    [Fact]
    public async Task WriteAsync_FullQueue_WaitsAndLosesNothing()
    {
        var sut = new SampleQueue(_oneSecond, new FakeTimeProvider());
        var samples = Enumerable.Range(0, 60_000).Select(static i => (short)i).ToArray();

        var writing = Task.Run(async () =>
        {
            await sut.WriteAsync(samples, default, CancellationToken.None);
            sut.Complete();
        });

        (await ReadAsync(sut)).Heard.ShouldBe(samples);
        await writing;
        sut.Dropped.ShouldBe(TimeSpan.Zero);
    }

    private static async Task<(List<short> Heard, int Gaps, InputLevels Levels)> ReadAsync(SampleQueue queue, int until = int.MaxValue)
    {
        var heard = new List<short>();
        var gaps = 0;
        var levels = default(InputLevels);
        await foreach (var piece in queue.ReadAllAsync(CancellationToken.None))
        {
            gaps += piece.IsGap ? 1 : 0;
            heard.AddRange(piece.Samples);
            levels += piece.Levels;
            piece.Return();
            if (heard.Count >= until)
            {
                break;
            }
        }

        return (heard, gaps, levels);
    }
}
