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
        first.Clock.OnServerTime(serverTime, _time.GetTimestamp(), _time.GetTimestamp());
        first.Save();

        var second = Open();
        second.Clock.UtcNow.ShouldBe(serverTime);

        _time.Advance(TimeSpan.FromSeconds(5));
        second.Clock.UtcNow.ShouldBe(serverTime.AddSeconds(5));
    }

    [Fact]
    public void IsServerTimeDue_AnHourAfterItWasSaved_True()
    {
        var sut = Open();
        sut.Clock.OnServerTime(_time.GetUtcNow(), _time.GetTimestamp(), _time.GetTimestamp());
        sut.Save();
        sut.IsServerTimeDue.ShouldBeFalse();

        _time.Advance(TimeSpan.FromMinutes(61));

        sut.IsServerTimeDue.ShouldBeTrue();
        sut.Save();
        sut.IsServerTimeDue.ShouldBeFalse();
    }

    [Fact]
    public void KeepStorageGeneration_Once_IsThereAfterARestart()
    {
        var sut = Open();
        sut.StorageGeneration.ShouldBe("");

        sut.KeepStorageGeneration("7351-2");

        Open().StorageGeneration.ShouldBe("7351-2");
    }

    [Fact]
    public void Open_FileOfAnAgentFromBeforeTheGeneration_IsTaken()
    {
        File.WriteAllText(
            _folder.File("install.json"),
            """{ "install_id": "0199f7b0-0000-7000-8000-000000000001", "next_sequence_number": 7, "last_server_time_unix_ms": 5 }""");

        var sut = Open();

        sut.NextSequenceNumber.ShouldBe(7UL);
        sut.StorageGeneration.ShouldBe("");
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
