using Fleet.DeviceAgent.Diagnosis;
using Fleet.DeviceAgent.Spool;
using Fleet.Testing.Time;
using Fleet.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.UnitTests.Agent.Diagnosis;

public sealed class SpoolKeyCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void KeyFile_Missing_SaysHowToMakeOne()
    {
        var result = Check(_folder.File("none")).ShouldNotBeNull();

        result.Verdict.ShouldBe(Verdict.No);
        result.Detail.ShouldContain("does not exist");
        result.Mend.ShouldContain("head -c 32 /dev/urandom");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(4097)]
    public void KeyFile_OfAWrongLength_SaysWhichLengthsThereAre(int length)
    {
        var result = Check(KeyFile("key", length)).ShouldNotBeNull();

        result.Verdict.ShouldBe(Verdict.No);
        result.Mend.ShouldContain("16 to 4096 bytes");
    }

    [Fact]
    public void KeyFile_IsAFolder_CannotBeRead()
    {
        var result = Check(_folder.Path).ShouldNotBeNull();

        result.Verdict.ShouldBe(Verdict.No);
    }

    [Fact]
    public void KeyFile_OpenToOthers_WarnsAndNamesTheCommand()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // has no such modes
        }

        var file = KeyFile("key", 32);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        var result = Check(file).ShouldNotBeNull();

        (result.Verdict, result.Mend).ShouldBe((Verdict.Warning, $"chmod 600 {file}"));
    }

    [Fact]
    public void KeyFile_OfTheSpool_OpensAllOfIt()
    {
        var file = KeyFile("key", 32);
        Record(file, 2);

        var result = Check(file).ShouldNotBeNull();

        result.Verdict.ShouldBe(Verdict.Ok);
        result.Detail.ShouldContain("opens all 2 utterances");
    }

    [Fact]
    public void KeyFile_OfAnotherSpool_IsToldBeforeTheAgentStarts()
    {
        Record(KeyFile("key", 32), 3);

        var result = Check(KeyFile("other", 33)).ShouldNotBeNull();

        result.Verdict.ShouldBe(Verdict.No);
        result.Detail.ShouldContain("does not open 3 of 3 utterances");
        result.Mend.ShouldContain(UtteranceSpool.FolderIn(_folder.Path));
    }

    [Fact]
    public void NoKeyFile_SpoolHasOne_IsToldSinceAStartWouldLoseIt()
    {
        Record(KeyFile("key", 32), 1);

        var result = Check(null).ShouldNotBeNull();

        result.Verdict.ShouldBe(Verdict.No);
        result.Mend.ShouldContain("--spool-key-file");
        File.Exists(_folder.File("spool.key")).ShouldBeFalse();
    }

    [Fact]
    public void NoKeyFile_KeyOfTheInstall_NothingToSay()
    {
        Record(null, 1);

        Check(null).ShouldBeNull();
    }

    private CheckResult? Check(string? keyFile) => new SpoolKeyCheck(_folder.Path, new SpoolOptions { KeyFile = keyFile }, "serial").Run();

    private string KeyFile(string name, int length)
    {
        var file = _folder.File(name);
        File.WriteAllBytes(file, new byte[length]);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return file;
    }

    private void Record(string? keyFile, int count)
    {
        var time = new FakeTimeProvider();
        var spool = UtteranceSpool.Open(
            _folder.Path, new SpoolOptions { KeyFile = keyFile }, time, NullLogger.Instance, out _, machineSerial: "serial");
        for (var number = 1UL; number <= (ulong)count; number++)
        {
            using var writer = spool.TryCreate(
                new UtteranceStart { UtteranceId = Guid.CreateVersion7(time.GetUtcNow()).ToString(), SequenceNumber = number }).ShouldNotBeNull();
            writer.Append(new byte[320]);
            writer.Complete(UtteranceEnd.Types.Reason.Silence);
        }
    }
}
