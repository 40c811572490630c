using Fleet.DeviceAgent.Diagnosis;
using Fleet.DeviceAgent.Spool;

namespace Fleet.UnitTests.Agent.Diagnosis;

public sealed class DiskCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_FolderNotMadeYet_LooksAtItsParentAndMakesNothing()
    {
        var state = Path.Combine(_folder.Path, "a", "b");

        var result = Run(state);

        result.Verdict.ShouldBe(Verdict.Ok, result.Detail);
        result.Detail.ShouldContain("will be made");
        Directory.GetFileSystemEntries(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void Run_NotWritable_SaysWhichFolderAndWhatToDo()
    {
        // A file where a folder should be: nobody can write there, not even root.
        var file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");
        var link = Path.Combine(_folder.Path, "state");
        Directory.CreateSymbolicLink(link, "/proc/self");

        var result = Run(Path.Combine(link, "state"));

        result.Verdict.ShouldBe(Verdict.No);
        result.Detail.ShouldContain("cannot be written");
        result.Mend.ShouldContain("--state-dir");
    }

    [Fact]
    public void Run_SpoolLargerThanTheDisk_SaysHowMuchMayBe()
    {
        var result = Run(_folder.Path, maxBytes: 1L << 60);

        result.Verdict.ShouldBe(Verdict.Warning);
        result.Detail.ShouldContain("more may be wanted");
        result.Mend.ShouldContain("--spool-mib");
    }

    [Fact]
    public void Run_Spool_IsCounted()
    {
        var spool = Directory.CreateDirectory(Path.Combine(_folder.Path, "spool"));
        File.WriteAllBytes(Path.Combine(spool.FullName, "1.utt"), new byte[3 << 20]);

        Run(_folder.Path).Detail.ShouldContain("spool 3.0 MiB of at most 10.0 MiB");
        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    private static CheckResult Run(string folder, long maxBytes = 10 << 20) =>
        new DiskCheck(folder, 1, new SpoolOptions { MaxBytes = maxBytes }, TimeProvider.System).Run();
}
