using Fleet.Silo.Ingest;
using Fleet.Storage;
using Fleet.Testing.Time;
using Microsoft.Extensions.Options;

namespace Fleet.UnitTests.Silo.Ingest;

public sealed class ParkingPlaceTests : IDisposable
{
    private static readonly Guid _install = Guid.NewGuid();

    private readonly FakeTimeProvider _time = new();
    private readonly IOptions<IngestOptions> _options = Options.Create(new IngestOptions { MaxTotalAudioBytes = 1024 * 1024, ParkSeconds = 120 });
    private readonly AudioMemory _memory;
    private readonly ParkingPlace _sut;

    public ParkingPlaceTests()
    {
        _memory = new AudioMemory(_options);
        _sut = new ParkingPlace(_memory, _options, _time);
    }

    public void Dispose() => _sut.Dispose();

    [Fact]
    public void Take_SameInstallAndLength_IsTheAudioOnce()
    {
        var key = Park("pi", 3_200);

        _sut.ReceivedBytes(key, _install).ShouldBe(3_200);
        using (var audio = _sut.Take(key, _install, 3_200).ShouldNotBeNull())
        {
            audio.Length.ShouldBe(3_200);
        }

        _sut.Take(key, _install, 3_200).ShouldBeNull();
        _memory.HeldBytes.ShouldBe(0);
    }

    [Fact]
    public void Take_AnotherInstallOrLength_IsNothingAndNothingStays()
    {
        var ofAnother = Park("pi", 3_200);
        var ofAnotherLength = Park("pi", 3_200);

        _sut.ReceivedBytes(ofAnother, Guid.NewGuid()).ShouldBe(0);
        _sut.Take(ofAnother, Guid.NewGuid(), 3_200).ShouldBeNull();
        _sut.Take(ofAnotherLength, _install, 1_600).ShouldBeNull();

        _sut.Count.ShouldBe(0);
        _memory.HeldBytes.ShouldBe(0);
    }

    [Fact]
    public void Old_IsLetGo()
    {
        var old = Park("pi", 3_200);
        _time.Advance(TimeSpan.FromSeconds(119));
        var young = Park("pi", 3_200);

        _time.Advance(TimeSpan.FromSeconds(16));

        _sut.ReceivedBytes(old, _install).ShouldBe(0);
        _sut.ReceivedBytes(young, _install).ShouldBe(3_200);
        _memory.HeldBytes.ShouldBe(3_200);
    }

    [Fact]
    public void Device_WithMoreThanItMayHaveOpen_KeepsTheNewest()
    {
        var keys = Enumerable.Range(0, 9).Select(_ => Park("pi", 320)).ToList();
        var other = Park("pi-2", 320);

        _sut.ReceivedBytes(keys[0], _install).ShouldBe(0);
        keys.Skip(1).ShouldAllBe(key => _sut.ReceivedBytes(key, _install) == 320);
        _sut.ReceivedBytes(other, _install).ShouldBe(320);
    }

    [Fact]
    public void MemoryShort_TheOldestGoFirst()
    {
        var older = Park("pi", 200_000);
        var newer = Park("pi", 200_000);
        using var arriving = PooledAudio.CopyOf(new byte[200_000], _memory);

        _sut.MakeRoom();

        _sut.ReceivedBytes(older, _install).ShouldBe(0);
        _sut.ReceivedBytes(newer, _install).ShouldBe(200_000);
        using var much = PooledAudio.CopyOf(new byte[600_000], _memory);
        Park("pi", 320);
        _sut.Count.ShouldBe(0);
        _memory.HeldBytes.ShouldBe(800_000);
    }

    [Fact]
    public void ParkSecondsZero_KeepsNothing()
    {
        var options = Options.Create(new IngestOptions { ParkSeconds = 0 });
        using var sut = new ParkingPlace(_memory, options, _time);

        sut.Park(new UtteranceKey("pi", Guid.NewGuid()), _install, PooledAudio.CopyOf(new byte[320], _memory));

        sut.Count.ShouldBe(0);
        _memory.HeldBytes.ShouldBe(0);
    }

    private UtteranceKey Park(string deviceId, int bytes)
    {
        var key = new UtteranceKey(deviceId, Guid.NewGuid());
        _sut.Park(key, _install, PooledAudio.CopyOf(new byte[bytes], _memory));
        return key;
    }
}
