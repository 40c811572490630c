using System.Globalization;
using Fleet.Cli.Keywords.Sounds;

namespace Fleet.Cli.Keywords.Recording;

/// <summary>The clips of one class, as <c>keyword train</c> takes them, and for keywords the table that says where they are.</summary>
internal sealed class ClipFolder
{
    private readonly string _home;
    private readonly ClipClass _class;
    private readonly string _table;

    public ClipFolder(string home, ClipClass clipClass)
    {
        (_home, _class) = (home, clipClass);
        Folder = Path.Combine(home, Name(clipClass));
        Directory.CreateDirectory(Folder);
        _table = Path.Combine(home, clipClass == ClipClass.Keyword ? "positives.tsv" : "negatives.tsv");
    }

    public string Folder { get; }

    public int Count => Directory.GetFiles(Folder, "*.wav").Length;

    public static string Name(ClipClass clipClass) => clipClass switch
    {
        ClipClass.Keyword => "positives",
        ClipClass.Other => "negatives",
        _ => Path.Combine("negatives", "noise"),
    };

    /// <summary>Numbers go on where they stood, so a second evening adds to the first.</summary>
    /// <returns>The file's name.</returns>
    public string Add(ReadOnlySpan<short> samples, SpeechBounds bounds, string speaker, string word)
    {
        var number = 1;
        string path;
        do
        {
            path = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"{speaker}-{number++:00000}.wav"));
        }
        while (File.Exists(path));

        Wave16.Write(path, samples);
        var name = Path.GetRelativePath(_home, path);
        if (!File.Exists(_table))
        {
            File.WriteAllText(_table, _class == ClipClass.Keyword ? "file\tkind\tstart_s\tend_s\ttext\tcontext\tsource_package\tlicence\n" : "file\tduration_s\tkind\ttext\tsource_package\tlicence\n");
        }

        File.AppendAllText(_table, _class == ClipClass.Keyword
            ? string.Create(CultureInfo.InvariantCulture, $"{name}\t{speaker}\t{(double)bounds.Start / Wave16.RateHz:0.000}\t{(double)bounds.End / Wave16.RateHz:0.000}\t{word}\tisolated\trecorded\town\n")
            : string.Create(CultureInfo.InvariantCulture, $"{name}\t{(double)samples.Length / Wave16.RateHz:0.000}\t{speaker}\t\trecorded\town\n"));
        return name;
    }
}
