namespace Fleet.DeviceAgent.Diagnosis;

/// <summary>How one check of <c>--check</c> came out.</summary>
internal enum Verdict
{
    /// <summary>Fine.</summary>
    Ok,

    /// <summary>The agent works, but not as its owner would want; or it could not be found out.</summary>
    Warning,

    /// <summary>The agent does not work until this is mended.</summary>
    No,
}
