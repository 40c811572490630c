using Fleet.Cli.Local.Postgres;
using Xunit;

namespace Fleet.Testing;

/// <summary>A test that needs PostgreSQL's server programs.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        Skip = PostgresRequirement.SkipReason;
    }
}

/// <summary>A theory that needs PostgreSQL's server programs.</summary>
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute()
    {
        Skip = PostgresRequirement.SkipReason;
    }
}

internal static class PostgresRequirement
{
    // Looked for once a process: discovery makes an attribute object for each test.
    private static readonly Lazy<string?> _skipReason =
        new(() => Requirement.SkipUnless(PostgresBinaries.Find() is not null, PostgresBinaries.Remedy));

    internal static string? SkipReason => _skipReason.Value;
}
