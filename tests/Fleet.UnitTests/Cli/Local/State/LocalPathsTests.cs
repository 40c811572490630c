using Fleet.Cli.Local.State;

namespace Fleet.UnitTests.Cli.Local.State;

public sealed class LocalPathsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("fleet-paths-").FullName;

    private string IdFile => Path.Combine(_root, ".fleet", "fleet-id");

    [Fact]
    public void Create_Again_KeepsTheFleetsId()
    {
        var id = CreateAndReadId();

        CreateAndReadId().ShouldBe(id);
    }

    [Fact]
    public void Create_AfterTheStateFolderWasRemoved_IsAnotherFleet()
    {
        var id = CreateAndReadId();
        Directory.Delete(Path.Combine(_root, ".fleet"), recursive: true);

        // Its database must not be the old one, which knows devices that this fleet does not have.
        CreateAndReadId().ShouldNotBe(id);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string CreateAndReadId()
    {
        new LocalPaths(_root, ".fleet").Create();
        return File.ReadAllText(IdFile);
    }
}
