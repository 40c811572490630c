using Fleet.Cli.Local.Supervision;

namespace Fleet.UnitTests.Cli.Local.Supervision;

public sealed class BoundedLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-log-").FullName;

    private string File => Path.Combine(_folder, "silo.log");

    private string Before => Path.Combine(_folder, "silo.1.log");

    [Fact]
    public void Write_MoreThanItMayHold_KeepsTheLastPartsOnly()
    {
        using (var sut = new BoundedLog(File, maxBytes: 100))
        {
            for (var i = 0; i < 1000; i++)
            {
                sut.Write($"line {i:0000}");
            }
        }

        System.IO.File.ReadAllLines(File)[^1].ShouldBe("line 0999");
        Directory.GetFiles(_folder).Length.ShouldBe(2);
        new FileInfo(File).Length.ShouldBeLessThanOrEqualTo(100);
        new FileInfo(Before).Length.ShouldBeLessThanOrEqualTo(100);
    }

    [Fact]
    public void Open_AfterAnEarlierRun_KeepsItsLogOnce()
    {
        using (var first = new BoundedLog(File))
        {
            first.Write("first run");
        }

        using (var second = new BoundedLog(File))
        {
            second.Write("second run");
        }

        System.IO.File.ReadAllText(File).Trim().ShouldBe("second run");
        System.IO.File.ReadAllText(Before).Trim().ShouldBe("first run");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
