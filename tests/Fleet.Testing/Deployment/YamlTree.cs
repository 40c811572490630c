using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Fleet.Testing.Deployment;

/// <summary>A YAML document to look into: mappings by key, sequences, scalars as text. What is missing is an empty tree.</summary>
public sealed class YamlTree
{
    private const string MergeKey = "<<";

    private static readonly YamlTree _nothing = new(new YamlScalarNode(""));

    private readonly YamlNode _node;

    private YamlTree(YamlNode node)
    {
        _node = node;
    }

    /// <summary>The scalar's text; empty for everything else.</summary>
    public string Text => (_node as YamlScalarNode)?.Value ?? "";

    public IReadOnlyList<YamlTree> Items => _node is YamlSequenceNode list ? [.. list.Select(item => new YamlTree(item))] : [];

    public IReadOnlyList<string> Texts => [.. Items.Select(item => item.Text)];

    public bool IsMissing => ReferenceEquals(this, _nothing);

    /// <summary>Of a mapping, what is merged into it (<c>&lt;&lt;</c>) included.</summary>
    public IReadOnlyDictionary<string, YamlTree> Entries
    {
        get
        {
            var entries = new Dictionary<string, YamlTree>();
            if (_node is not YamlMappingNode mapping)
            {
                return entries;
            }

            foreach (var (key, value) in mapping)
            {
                if (((YamlScalarNode)key).Value != MergeKey)
                {
                    entries[((YamlScalarNode)key).Value ?? ""] = new YamlTree(value);
                }
            }

            foreach (var merged in mapping.Where(entry => ((YamlScalarNode)entry.Key).Value == MergeKey).SelectMany(entry => entry.Value is YamlSequenceNode all ? all.Children : [entry.Value]))
            {
                foreach (var (key, value) in new YamlTree(merged).Entries)
                {
                    entries.TryAdd(key, value); // what stands there itself goes first
                }
            }

            return entries;
        }
    }

    public YamlTree this[string key] => Entries.GetValueOrDefault(key, _nothing);

    /// <summary>Every document of a file.</summary>
    /// <exception cref="YamlException">With line and column.</exception>
    public static IReadOnlyList<YamlTree> ReadAll(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => new YamlTree(document.RootNode))];
    }
}
