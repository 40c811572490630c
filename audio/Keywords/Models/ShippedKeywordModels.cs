namespace Fleet.Audio.Keywords;

/// <summary>The keyword models that come with every program that listens: folders below models/ beside it.</summary>
public static class ShippedKeywordModels
{
    /// <summary>What an agent listens for when nobody says otherwise.</summary>
    public const string Default = "listen";

    /// <summary>Their names: the keyword, with a hyphen for a space.</summary>
    public static IReadOnlyList<string> Names => Directory.Exists(Root)
        ? [.. Directory.EnumerateDirectories(Root)
            .Where(static folder => File.Exists(Path.Combine(folder, KeywordModelDescription.FileName)))
            .Select(static folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)]
        : [];

    private static string Root => Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>The folder of a shipped model when that is one's name, else the path as it is.</summary>
    public static string Find(string nameOrFolder)
    {
        ArgumentNullException.ThrowIfNull(nameOrFolder);
        return Names.Contains(nameOrFolder) ? Path.Combine(Root, nameOrFolder) : nameOrFolder;
    }
}
