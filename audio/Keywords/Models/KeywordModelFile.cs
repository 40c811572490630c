namespace Fleet.Audio.Keywords;

/// <summary>One file of a keyword model.</summary>
/// <param name="Name">In the model's folder.</param>
/// <param name="Sha256">Of its bytes, 64 hexadecimal digits.</param>
public sealed record KeywordModelFile(string Name, string Sha256);
