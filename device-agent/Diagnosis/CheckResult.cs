namespace Fleet.DeviceAgent.Diagnosis;

/// <summary>One line of <c>--check</c>.</summary>
/// <param name="Name">What was looked at: "server", "key", …</param>
/// <param name="Verdict">How it came out.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Mend">What to do about it; empty when all is well.</param>
internal sealed record CheckResult(string Name, Verdict Verdict, string Detail, string Mend = "")
{
    public static CheckResult Ok(string name, string detail) => new(name, Verdict.Ok, detail);

    public static CheckResult Warning(string name, string detail, string mend) => new(name, Verdict.Warning, detail, mend);

    public static CheckResult No(string name, string detail, string mend) => new(name, Verdict.No, detail, mend);
}
