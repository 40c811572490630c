using Fleet.Testing;

namespace Fleet.UnitTests.Repository;

/// <summary>The files of the repository that people write, by paths relative to its root; build outputs and installed packages are left out.</summary>
internal static class SourceTree
{
    private static readonly string[] _notOurs = [".git", ".fleet", "artifacts", "bin", "obj", "node_modules"];

    public static string Root => RepositoryPaths.Root;

    public static IEnumerable<string> Files(params string[] extensions) => Below(Root).Where(file => extensions.Contains(Path.GetExtension(file)));

    public static IEnumerable<string> Below(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            yield return Path.GetRelativePath(Root, file);
        }

        foreach (var child in Directory.EnumerateDirectories(folder).Where(child => !_notOurs.Contains(Path.GetFileName(child))))
        {
            foreach (var file in Below(child))
            {
                yield return file;
            }
        }
    }
}
