using Fleet.Silo.Access;

namespace Fleet.UnitTests.Silo.Access;

public sealed class KeyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ReadOrMake_Missing_MakesOneAndKeepsIt()
    {
        var path = Path.Combine(_folder, "new", "join.key");

        var (key, made) = KeyFile.ReadOrMake(path);

        made.ShouldBeTrue();
        key.Length.ShouldBe(43);
        KeyFile.ReadOrMake(path).ShouldBe((key, false));
        Directory.GetFiles(Path.Combine(_folder, "new")).ShouldBe([path]);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public void ReadOrMake_EmptyOrShort_IsRefusedNotReplaced()
    {
        var path = Path.Combine(_folder, "join.key");
        File.WriteAllText(path, "short\n");

        Should.Throw<InvalidDataException>(() => KeyFile.ReadOrMake(path)).Message.ShouldContain(path);

        File.ReadAllText(path).ShouldBe("short\n");
    }
}
