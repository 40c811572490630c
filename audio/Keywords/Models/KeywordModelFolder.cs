using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Audio.Keywords;

/// <summary>A keyword model on disk: a folder with model.json and its files.</summary>
public sealed class KeywordModelFolder
{
    private const int MaxDescriptionBytes = 1 << 20;

    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private KeywordModelFolder(string path, KeywordModelDescription description, string stamp) =>
        (FolderPath, Description, Stamp) = (path, description, stamp);

    /// <summary>The folder.</summary>
    public string FolderPath { get; }

    /// <summary>What its model.json says.</summary>
    public KeywordModelDescription Description { get; }

    /// <summary>SHA-256 of model.json: another one is another model, since it names the SHA-256 of the other files.</summary>
    public string Stamp { get; }

    /// <summary>Reads model.json and checks it and the files that it names.</summary>
    /// <exception cref="KeywordModelException">Something is missing, damaged or makes no sense; the message says what to do.</exception>
    public static KeywordModelFolder Read(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = Path.Combine(folder, KeywordModelDescription.FileName);
        var bytes = ReadDescription(folder, path);
        KeywordModelDescription description;
        try
        {
            description = JsonSerializer.Deserialize<KeywordModelDescription>(bytes, _json) ?? throw new JsonException("It is null.");
        }
        catch (JsonException ex)
        {
            throw new KeywordModelException($"'{path}' cannot be understood: {ex.Message.TrimEnd('.')}. docs/keywords.md shows what it may say.", ex);
        }

        var problems = KeywordModelRules.Problems(description).ToList();
        if (problems.Count > 0)
        {
            throw new KeywordModelException($"'{path}' is not valid: {string.Join(' ', problems)} docs/keywords.md explains each field.");
        }

        return new KeywordModelFolder(folder, description, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <summary>Writes model.json with the SHA-256 of the files that the description names, which are in the folder already.</summary>
    public static KeywordModelFolder Write(string folder, KeywordModelDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        var files = description.Files
            .Select(file => file with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, file.Name)))) })
            .ToList();
        File.WriteAllText(
            Path.Combine(folder, KeywordModelDescription.FileName), JsonSerializer.Serialize(description with { Files = files }, _json) + "\n");
        return Read(folder);
    }

    /// <summary>Loads the model.</summary>
    /// <param name="embedding">Gives the speech embedding, which models share; asked only by models that need it.</param>
    /// <exception cref="KeywordModelException">It cannot be loaded.</exception>
    public IKeywordModel Load(Func<SpeechEmbedding> embedding)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        return Description.Kind switch
        {
            KeywordModelDescription.EmbeddingKind => EmbeddingKeywordModel.Load(this, embedding()),
            KeywordModelDescription.MfccKind => MfccKeywordModel.Load(this),
            KeywordModelDescription.EimKind => EimKeywordModel.Load(this),
            _ => throw new KeywordModelException($"The kind '{Description.Kind}' of keyword model is not known."),
        };
    }

    /// <summary>Where a file of the model is.</summary>
    internal string PathOf(KeywordModelFile file) => Path.Combine(FolderPath, file.Name);

    /// <summary>The bytes of a file of the model, which are those that model.json means.</summary>
    internal byte[] ReadFile(KeywordModelFile file)
    {
        var path = PathOf(file);
        var bytes = OnnxSessions.Read(path, "keyword model's file");
        Check(file, path, SHA256.HashData(bytes));
        return bytes;
    }

    /// <summary>That a file of the model is the one that model.json means, without keeping it in memory.</summary>
    internal void CheckFile(KeywordModelFile file)
    {
        var path = PathOf(file);
        try
        {
            using var stream = File.OpenRead(path);
            Check(file, path, SHA256.HashData(stream));
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new KeywordModelException($"The keyword model's file '{path}' cannot be read: {ex.Message} Restore the file.", ex);
        }
    }

    private static void Check(KeywordModelFile file, string path, byte[] sha256)
    {
        var hash = Convert.ToHexStringLower(sha256);
        if (!hash.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new KeywordModelException(
                $"'{path}' is not the file that {KeywordModelDescription.FileName} means: its SHA-256 is {hash}, not {file.Sha256}. Restore the file, or " +
                $"correct {KeywordModelDescription.FileName} if the change is meant.");
        }
    }

    private static byte[] ReadDescription(string folder, string path)
    {
        if (!Directory.Exists(folder))
        {
            throw new KeywordModelException($"The keyword model '{folder}' is no folder. Give the folder that holds {KeywordModelDescription.FileName}.");
        }

        try
        {
            return new FileInfo(path).Length <= MaxDescriptionBytes
                ? File.ReadAllBytes(path)
                : throw new KeywordModelException($"'{path}' is larger than {MaxDescriptionBytes} bytes. Is it a {KeywordModelDescription.FileName}?");
        }
        catch (FileNotFoundException ex)
        {
            throw new KeywordModelException(
                $"The keyword model '{folder}' has no {KeywordModelDescription.FileName}. docs/keywords.md shows how to write one.", ex);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new KeywordModelException($"'{path}' cannot be read: {ex.Message} Let the agent's user read it.", ex);
        }
    }
}
