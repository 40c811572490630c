using Fleet.DeviceAgent.Diagnosis;
using Fleet.DeviceAgent.Identity;
using Fleet.UnitTests.Audio.Wav;

namespace Fleet.UnitTests.Agent.Diagnosis;

/// <summary>The checks of the agent that need no network: each bad state is made for real.</summary>
public sealed class LocalChecksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void RunningAgent_NoneEver_SaysSo() => new RunningAgentCheck(_folder.Path).Run().Detail.ShouldContain("none has run");

    [Fact]
    public void RunningAgent_FolderHeld_SaysThatItRunsAndLeavesTheLockAlone()
    {
        using (StateFolder.Hold(_folder.Path))
        {
            new RunningAgentCheck(_folder.Path).Run().ShouldSatisfyAllConditions(
                result => result.Verdict.ShouldBe(Verdict.Ok), result => result.Detail.ShouldStartWith("runs on"));
            Should.Throw<IOException>(() => StateFolder.Hold(_folder.Path));
        }

        new RunningAgentCheck(_folder.Path).Run().Detail.ShouldStartWith("none runs on");
    }

    [Fact]
    public void KeyFile_MissingEmptyOrOpen_SaysWhatToDo()
    {
        var file = Path.Combine(_folder.Path, "join.key");
        new KeyFileCheck(null, " ").Run().ShouldSatisfyAllConditions(
            result => result.Verdict.ShouldBe(Verdict.No), result => result.Mend.ShouldContain("FLEET_JOIN_KEY"));
        new KeyFileCheck(file, null).Run().Detail.ShouldContain("does not exist");
        File.WriteAllText(file, "");
        new KeyFileCheck(file, null).Run().Detail.ShouldContain("is empty");
        File.WriteAllText(file, "secret-of-the-fleet");
        if (OperatingSystem.IsWindows())
        {
            return; // has no such modes
        }

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        new KeyFileCheck(file, null).Run().ShouldSatisfyAllConditions(
            result => result.Verdict.ShouldBe(Verdict.Warning),
            result => result.Mend.ShouldStartWith("chmod 600"),
            result => result.ToString().ShouldNotContain("secret-of-the-fleet"));
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        new KeyFileCheck(file, null).Run().Verdict.ShouldBe(Verdict.Ok);
    }

    [Fact]
    public void Recordings_SomeBad_NamesTheFirst()
    {
        new RecordingsCheck(Path.Combine(_folder.Path, "none")).Run().Detail.ShouldContain("neither a file nor a folder");
        new RecordingsCheck(_folder.Path).Run().Detail.ShouldContain("no *.wav");
        File.WriteAllText(Path.Combine(_folder.Path, "bad.wav"), "no sound in here");
        new RecordingsCheck(_folder.Path).Run().ShouldSatisfyAllConditions(
            result => result.Verdict.ShouldBe(Verdict.No), result => result.Detail.ShouldContain("bad.wav"));
        File.WriteAllBytes(Path.Combine(_folder.Path, "good.wav"), new WavBytes { Data = WavBytes.Samples(1, 2, 3) }.Build());
        new RecordingsCheck(_folder.Path).Run().ShouldSatisfyAllConditions(
            result => result.Verdict.ShouldBe(Verdict.Warning), result => result.Detail.ShouldStartWith("1 of 2 cannot be played"));
        File.Delete(Path.Combine(_folder.Path, "bad.wav"));
        new RecordingsCheck(_folder.Path).Run().Verdict.ShouldBe(Verdict.Ok);
    }

    [Fact]
    public void Detector_NoModel_WarnsWhereAndThatTheAgentGoesOn()
    {
        var result = new VadCheck(TimeProvider.System, Path.Combine(_folder.Path, "none.onnx")).Run();

        result.Verdict.ShouldBe(Verdict.Warning); // as the agent does: it listens on
        result.Detail.ShouldContain("none.onnx");
        result.Detail.ShouldContain("by loudness");
    }

    [Fact]
    public void Detector_DamagedModel_Warns()
    {
        var file = Path.Combine(_folder.Path, "damaged.onnx");
        File.WriteAllBytes(file, new byte[1000]);

        new VadCheck(TimeProvider.System, file).Run().Verdict.ShouldBe(Verdict.Warning);
    }
}
