namespace Fleet.Cli.Local.Doctor;

/// <summary>How bad a finding is.</summary>
internal enum FindingSeverity
{
    Good,

    /// <summary>The fleet starts, something else does not work.</summary>
    Warning,

    /// <summary>`./fleet up` will fail.</summary>
    Bad,
}
