using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Storage;

/// <summary>One file of storage/Migrations.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Name">The file's name without its ending, such as "0002_utterances".</param>
/// <param name="Sql">Its text.</param>
internal sealed record Migration(int Number, string Name, string Sql)
{
    /// <summary>Those that this program was built with, in order.</summary>
    public static IReadOnlyList<Migration> All { get; } = Load();

    /// <summary>SHA-256 of the text; the same whatever line ends the sources were checked out with.</summary>
    public string Checksum =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    private static List<Migration> Load()
    {
        Assembly assembly = typeof(Migration).Assembly;
        const string prefix = "Fleet.Storage.Migrations.";
        List<Migration> migrations = [];
        foreach (string resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            string name = Path.GetFileNameWithoutExtension(resource[prefix.Length..]);
            using Stream stream = assembly.GetManifestResourceStream(resource)!; // the name comes from the list
            using StreamReader reader = new(stream, Encoding.UTF8);
            migrations.Add(new Migration(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, reader.ReadToEnd()));
        }

        migrations.Sort((left, right) => left.Number.CompareTo(right.Number));
        return migrations;
    }
}
