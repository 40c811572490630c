namespace Fleet.Silo.Transcription;

/// <summary>How the silo proves to an endpoint who it is.</summary>
internal enum ScoringAuth
{
    /// <summary>A key out of a file, or none.</summary>
    Key,

    /// <summary>Tokens of Microsoft Entra ID.</summary>
    Entra,
}
