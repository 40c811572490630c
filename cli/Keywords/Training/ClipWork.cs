using System.Globalization;
using Fleet.Cli.Keywords.Sounds;

namespace Fleet.Cli.Keywords.Training;

/// <summary>One scene to make of a file.</summary>
internal sealed record ClipWork
{
    public required string File { get; init; }

    public required ClipKind Kind { get; init; }

    /// <summary>Which copy; copy 0 of a recording is the recording itself.</summary>
    public required int Pass { get; init; }

    /// <summary>First sample of a recording's stretch.</summary>
    public int Offset { get; init; }

    public required bool IsValidation { get; init; }

    /// <summary>Where a table says that the word is; null: where the file is loud.</summary>
    public SpeechBounds? Bounds { get; init; }

    public int Seed { get; init; }

    /// <summary>Changes when the result would.</summary>
    public string Key(FileInfo file) => string.Create(
        CultureInfo.InvariantCulture,
        $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks} {Kind} {Pass} {Offset} {IsValidation} {Bounds?.Start} {Bounds?.End} {Seed}");
}
