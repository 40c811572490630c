using Fleet.DeviceAgent.Spool;
using Fleet.Testing.Time;
using Fleet.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.UnitTests.Agent.Spool;

/// <summary>Somebody copies files within a spool, or puts into it what is none.</summary>
public sealed class SpoolCopiesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_CopyUnderAnotherNumber_IsSetAsideAndTheWholeOneIsSentAndNotLost()
    {
        string id;
        var spool = Open();
        using (var writer = spool.TryCreate(new UtteranceStart { UtteranceId = Guid.CreateVersion7(_time.GetUtcNow()).ToString(), SequenceNumber = 1 }).ShouldNotBeNull())
        {
            writer.Append(new byte[3200]);
            writer.Complete(UtteranceEnd.Types.Reason.Silence);
            id = writer.Entry.Id;
            File.Copy(writer.Entry.Path, writer.Entry.Path.Replace("/00000000000000000001-", "/00000000000000000050-", StringComparison.Ordinal));
        }

        var again = Open();

        again.Snapshot().ShouldHaveSingleItem().Id.ShouldBe(id);
        again.Losses.ShouldBeEmpty();
        Directory.GetFiles(_folder.File("quarantine")).ShouldHaveSingleItem();
    }

    [Fact]
    public void Open_PipeWithTheNameOfAnUtterance_IsSetAsideWithoutWaitingForItsWriter()
    {
        using (var writer = Open().TryCreate(new UtteranceStart { UtteranceId = Guid.CreateVersion7(_time.GetUtcNow()).ToString(), SequenceNumber = 1 }).ShouldNotBeNull())
        {
            writer.Append(new byte[3200]);
            writer.Complete(UtteranceEnd.Types.Reason.Silence);
            using var made = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(Path.GetDirectoryName(writer.Entry.Path)!, "pipe.utterance")]); // It is in a folder.
            made.WaitForExit();
            made.ExitCode.ShouldBe(0);
        }

        var again = Open();

        again.Snapshot().ShouldHaveSingleItem();
        Path.GetFileName(Directory.GetFiles(_folder.File("quarantine")).ShouldHaveSingleItem()).ShouldContain("pipe.utterance");
    }

    private UtteranceSpool Open() =>
        UtteranceSpool.Open(_folder.Path, new SpoolOptions(), _time, NullLogger.Instance, out _, machineSerial: "serial");
}
