namespace Fleet.Cli.Local.Doctor;

/// <summary>The outcome of one check.</summary>
/// <param name="What">What was checked.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Mend">What to do about it; empty when all is well.</param>
internal sealed record Finding(string What, FindingSeverity Severity, string Detail, string Mend = "")
{
    public static Finding Good(string what, string detail) => new(what, FindingSeverity.Good, detail);

    public static Finding Warning(string what, string detail, string mend) => new(what, FindingSeverity.Warning, detail, mend);

    public static Finding Bad(string what, string detail, string mend) => new(what, FindingSeverity.Bad, detail, mend);
}
