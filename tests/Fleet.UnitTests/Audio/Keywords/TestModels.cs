using Fleet.Audio.Keywords;

namespace Fleet.UnitTests.Audio.Keywords;

/// <summary>Folders with keyword models.</summary>
internal static class TestModels
{
    public const string Hash = "0000000000000000000000000000000000000000000000000000000000000000";

    public static KeywordModelDescription Description(string kind = KeywordModelDescription.EmbeddingKind, params string[] files) => new()
    {
        Kind = kind,
        Id = "test-1",
        Labels = ["listen"],
        Files = [.. files.DefaultIfEmpty("head.onnx").Select(static file => new KeywordModelFile(file, Hash))],
        Licence = "CC0-1.0",
        Origin = "made by this test",
    };

    /// <summary>A head that answers the same to everything.</summary>
    public static byte[] ConstantHead(float bias, int windowSteps = 3, int labels = 1, bool takesMany = true) =>
        TestOnnx.Classifier(
            [windowSteps, SpeechEmbedding.Size], new float[windowSteps * SpeechEmbedding.Size * labels], [.. Enumerable.Repeat(bias, labels)], takesMany);

    public static KeywordModelFolder Write(string folder, KeywordModelDescription description, params byte[][] files)
    {
        foreach (var (file, bytes) in description.Files.Zip(files))
        {
            File.WriteAllBytes(Path.Combine(folder, file.Name), bytes);
        }

        return KeywordModelFolder.Write(folder, description);
    }
}
