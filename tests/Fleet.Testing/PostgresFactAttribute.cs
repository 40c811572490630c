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

/// <summary>As <see cref="PostgresFactAttribute"/>, for a test that takes long: `./fleet test --all` runs it.</summary>
public sealed class LongPostgresFactAttribute : FactAttribute
{
    public LongPostgresFactAttribute()
    {
        Skip = LongTest.SkipReason ?? PostgresRequirement.SkipReason;
    }
}

/// <summary>As <see cref="PostgresTheoryAttribute"/>, for tests that take long: `./fleet test --all` runs them.</summary>
public sealed class LongPostgresTheoryAttribute : TheoryAttribute
{
    public LongPostgresTheoryAttribute()
    {
        Skip = LongTest.SkipReason ?? PostgresRequirement.SkipReason;
    }
}

internal static class PostgresRequirement
{
    // Looked for once a process: discovery makes an attribute object for each test.
    private static readonly Lazy<string?> _skipReason =
        new(() => Requirement.SkipUnless(PostgresBinaries.Find() is not null, PostgresBinaries.Remedy));

    internal static string? SkipReason => _skipReason.Value;
}
