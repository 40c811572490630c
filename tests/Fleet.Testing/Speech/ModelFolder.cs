namespace Fleet.Testing.Speech;

/// <summary>A folder with a <see cref="ToneModel"/>, gone with the test.</summary>
public sealed class ModelFolder : IDisposable
{
    private ModelFolder()
    {
    }

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"fleet-model-{Guid.NewGuid():N}", "tones");

    public static ModelFolder With(ToneModel? model = null)
    {
        var folder = new ModelFolder();
        (model ?? new ToneModel()).Write(folder.Path);
        return folder;
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(System.IO.Path.GetDirectoryName(Path) ?? Path, recursive: true);
}
