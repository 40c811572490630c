namespace Fleet.Testing;

/// <summary>
/// Something on the machine that a test needs. Where it is missing the test is skipped with the reason on a developer's machine and fails in CI,
/// so that a CI machine without it cannot look green.
/// </summary>
public static class Requirement
{
    public static bool IsContinuousIntegration =>
        Environment.GetEnvironmentVariable("CI") is { Length: > 0 } value && !string.Equals(value, "false", StringComparison.OrdinalIgnoreCase);

    /// <summary>The text for Skip: null when the requirement is met or when the test has to run and fail.</summary>
    public static string? SkipUnless(bool isMet, string reason) => isMet || IsContinuousIntegration ? null : reason;

    /// <summary>True when <paramref name="program"/> is on PATH.</summary>
    public static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
