using System.IO.Enumeration;

namespace Fleet.Cli.Keywords.Synthesis;

/// <summary>One voice of a speech synthesiser.</summary>
/// <param name="Engine">Such as flite.</param>
/// <param name="Name">As the engine calls it.</param>
/// <param name="Kind">How much it is like a person.</param>
internal sealed record Voice(string Engine, string Name, VoiceKind Kind)
{
    /// <summary>As people give it on the command line: flite:rms.</summary>
    public string Id => $"{Engine}:{Name}";

    /// <summary>True when <paramref name="pattern"/> means this voice: "flite:rms", "flite", "espeak:*+f3".</summary>
    public bool Matches(string pattern) => pattern == Engine || FileSystemName.MatchesSimpleExpression(pattern, Id, ignoreCase: false);
}
