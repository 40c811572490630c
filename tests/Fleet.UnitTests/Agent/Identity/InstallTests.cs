using Fleet.DeviceAgent.Identity;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Agent.Identity;

public sealed class InstallTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Open_Again_SameInstallNewBootNextNumber()
    {
        var first = Open();
        first.UseSequenceNumber(1);
        first.UseSequenceNumber(2);

        var second = Open();

        second.InstallId.ShouldBe(first.InstallId);
        second.BootId.ShouldNotBe(first.BootId);
        second.NextSequenceNumber.ShouldBe(3UL);
    }

    [Fact]
    public void Open_Damaged_SaysWhatToDoAndMakesNoNewIdentity()
    {
        Open();
        var path = _folder.File("install.json");
        File.WriteAllText(path, "{ \"install_id\": ");

        Should.Throw<InvalidDataException>(() => Open()).Message.ShouldContain("Restore it from a backup");

        File.ReadAllText(path).ShouldBe("{ \"install_id\": ");
    }

    [Fact]
    public void Skip_NumberThatNothingOnDiskTellsOf_IsNotKept()
    {
        var sut = Open();
        sut.UseSequenceNumber(1);

        sut.Skip(2);
        sut.Save();

        sut.NextSequenceNumber.ShouldBe(3UL);
        Open().NextSequenceNumber.ShouldBe(2UL);
    }

    [Fact]
    public void TryKeep_SkippedNumber_IsKept()
    {
        var sut = Open();
        sut.Skip(1);

        sut.TryKeep(1).ShouldBeTrue();

        Open().NextSequenceNumber.ShouldBe(2UL);
    }

    [Fact]
    public void Clock_DeviceBootsYearsAgo_IsNeverBeforeTheServerTimeThatWasKept()
    {
        var serverTime = _time.GetUtcNow().AddYears(50);
        var first = Open();
        first.OnServerTime(serverTime);
        first.Save();

        var second = Open();
        second.Clock.UtcNow.ShouldBe(serverTime);

        _time.Advance(TimeSpan.FromSeconds(5));
        second.Clock.UtcNow.ShouldBe(serverTime.AddSeconds(5));
    }

    [Fact]
    public void Clock_DeviceWithoutAnyTime_IsNotBeforeThisRelease()
    {
        _time.StepWallClock(-TimeSpan.FromDays(50 * 365));

        Open().Clock.UtcNow.Year.ShouldBe(2026);
    }

    [Fact]
    public void Hold_FolderInUse_NamesTheRemedy()
    {
        using var held = StateFolder.Hold(_folder.Path);

        Should.Throw<IOException>(() => StateFolder.Hold(_folder.Path)).Message.ShouldContain("--state-dir");
    }

    public void Dispose() => _folder.Dispose();

    private Install Open() => Install.Open(_folder.Path, _time);
}
