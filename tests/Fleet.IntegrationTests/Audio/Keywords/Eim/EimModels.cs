using System.Text.Json;
using Fleet.Audio.Keywords;
using Fleet.Testing;

namespace Fleet.IntegrationTests.Audio.Keywords.Eim;

/// <summary>Folders with a keyword model whose runner is the stand-in beside this file.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal static class EimModels
{
    private const string File = "listen.eim";

    private static readonly JsonSerializerOptions _web = new(JsonSerializerDefaults.Web);

    public static KeywordModelDescription Description { get; } = new()
    {
        Kind = KeywordModelDescription.EimKind,
        Id = "eim-1",
        Keywords = ["listen"],
        Files = [new KeywordModelFile(File, "")],
        Licence = "Apache-2.0",
        Origin = "made by this test",
    };

    /// <param name="folder">Where.</param>
    /// <param name="settings">What the runner is to be and to do wrong, as its file says.</param>
    /// <param name="description">Null: <see cref="Description"/>.</param>
    public static KeywordModelFolder Write(string folder, object? settings = null, KeywordModelDescription? description = null)
    {
        var source = System.IO.File.ReadAllText(Path.Combine(RepositoryPaths.Root, "tests", "Fleet.IntegrationTests", "Audio", "Keywords", "Eim", "runner.cjs"));
        var path = Path.Combine(folder, File);
        System.IO.File.WriteAllText(path, source.Replace("const settings = {};", $"const settings = {JsonSerializer.Serialize(settings ?? new { }, _web)};", StringComparison.Ordinal));
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return KeywordModelFolder.Write(folder, description ?? Description);
    }

    /// <summary>Starts of the runner so far.</summary>
    public static int Runs(KeywordModelFolder folder) => (int)new FileInfo(Path.Combine(folder.FolderPath, File + ".runs")).Length;

    /// <summary>What it was given: a line for each message but hello.</summary>
    public static string[] Seen(KeywordModelFolder folder) => System.IO.File.ReadAllLines(Path.Combine(folder.FolderPath, File + ".seen"));
}
