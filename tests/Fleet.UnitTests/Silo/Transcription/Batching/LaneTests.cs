using Fleet.Silo.Transcription;

namespace Fleet.UnitTests.Silo.Transcription.Batching;

public sealed class LaneTests
{
    private static readonly DateTimeOffset _noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Lane _sut = new();

    [Fact]
    public void InTurn_DeviceThatSaysMuch_WaitsForItself()
    {
        Add("loud", 0, 1, 2, 3, 4);
        Add("quiet", 10);

        _sut.InTurn(3, newestFirst: false).Select(Name).ShouldBe(["loud0", "quiet10", "loud1"]);
        _sut.InTurn(3, newestFirst: true).Select(Name).ShouldBe(["loud4", "quiet10", "loud3"]);
        _sut.InTurn(100, newestFirst: false).Count.ShouldBe(6);
    }

    [Fact]
    public void Take_ADevicesTurn_ComesAfterTheOthers()
    {
        Add("a", 0, 1);
        Add("b", 0, 1);

        for (var i = 0; i < 4; i++)
        {
            var job = _sut.InTurn(1, newestFirst: false).Single();
            Name(job).ShouldBe((string)(i switch { 0 => "a0", 1 => "b0", 2 => "a1", _ => "b1" }));
            _sut.Take(job).ShouldBeTrue();
            _sut.Take(job).ShouldBeFalse();
        }

        _sut.Count.ShouldBe(0);
        _sut.Oldest().ShouldBeNull();
    }

    [Fact]
    public void OldestAndSpokenUntil_GoByWhenItWasSaid()
    {
        Add("a", 5);
        Add("b", 7, 2);

        Name(_sut.Oldest().ShouldNotBeNull()).ShouldBe("b2");
        _sut.SpokenUntil(_noon.AddSeconds(5)).Select(Name).ShouldBe(["a5", "b2"], ignoreOrder: true);
    }

    private static string Name(TranscriptionJob job) => $"{job.Key.Utterance.DeviceId}{(job.SpokenAt - _noon).TotalSeconds}";

    private void Add(string device, params int[] seconds)
    {
        foreach (var second in seconds)
        {
            _sut.Add(TestJobs.Of(1, device, _noon.AddSeconds(second)));
        }
    }
}
