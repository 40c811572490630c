using Fleet.Silo.Transcription;

namespace Fleet.UnitTests.Silo.Transcription.Endpoints;

public sealed class KeyCredentialTests : IDisposable
{
    private readonly string _primary = Path.GetTempFileName();
    private readonly string _secondary = Path.GetTempFileName();

    public void Dispose()
    {
        File.Delete(_primary);
        File.Delete(_secondary);
    }

    [Fact]
    public async Task Rotation_OfBothKeys_NeverNeedsARestart()
    {
        await File.WriteAllTextAsync(_primary, "one\n");
        await File.WriteAllTextAsync(_secondary, "two\n");
        var sut = new KeyCredential(_primary, _secondary);
        (await sut.GetAsync(default)).ShouldBe("one");

        // The primary is regenerated at the endpoint; our file follows later.
        (await sut.ReplaceAsync("one", default)).ShouldBe("two");
        (await sut.GetAsync(default)).ShouldBe("two");
        await File.WriteAllTextAsync(_primary, "three");
        (await sut.GetAsync(default)).ShouldBe("two");

        // Then the secondary.
        (await sut.ReplaceAsync("two", default)).ShouldBe("three");
        (await sut.ReplaceAsync("three", default)).ShouldBe("two");
        await File.WriteAllTextAsync(_secondary, "three");
        (await new KeyCredential(_primary, _secondary).ReplaceAsync("three", default)).ShouldBeNull();
    }

    [Fact]
    public async Task Replace_AnotherCallHasFoundTheNewOne_GivesThat()
    {
        await File.WriteAllTextAsync(_primary, "new");
        var sut = new KeyCredential(_primary, "");
        await sut.GetAsync(default);

        (await sut.ReplaceAsync("old", default)).ShouldBe("new");
    }

    [Fact]
    public async Task Get_NoFile_IsEmptyUntilThereIsOne()
    {
        File.Delete(_primary);
        var sut = new KeyCredential(_primary, "");
        (await sut.GetAsync(default)).ShouldBeEmpty();

        await File.WriteAllTextAsync(_primary, "made later");

        (await sut.GetAsync(default)).ShouldBe("made later");
    }
}
