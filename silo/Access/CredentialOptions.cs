namespace Fleet.Silo.Access;

/// <summary>Section Fleet:Credentials: files that hold the keys; made with mode 600 at the first start when they are missing.</summary>
internal sealed class CredentialOptions
{
    public const string Section = "Fleet:Credentials";

    /// <summary>File of the key with which devices connect. Required.</summary>
    public string JoinKeyFile { get; init; } = "";

    /// <summary>File of the key of the fleet API. Required; not the same file.</summary>
    public string ApiKeyFile { get; init; } = "";
}
