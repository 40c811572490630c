using Fleet.Cli.Local.Install;
using Xunit;

namespace Fleet.Testing;

/// <summary>A test that needs everything that `./fleet up` needs.</summary>
public sealed class LocalFleetFactAttribute : FactAttribute
{
    public LocalFleetFactAttribute()
    {
        var missing = SystemPackages.Missing(forTests: false);
        Skip = Requirement.SkipUnless(missing.Count == 0, $"missing: {SystemPackages.Command(missing)}");
    }
}

/// <summary>As <see cref="LocalFleetFactAttribute"/>, for a test that takes minutes: `./fleet test --all` runs it.</summary>
public sealed class LongLocalFleetFactAttribute : FactAttribute
{
    public LongLocalFleetFactAttribute()
    {
        Skip = LongTest.SkipReason ?? new LocalFleetFactAttribute().Skip;
    }
}

/// <summary>A theory that needs everything that `./fleet up` needs.</summary>
public sealed class LocalFleetTheoryAttribute : TheoryAttribute
{
    public LocalFleetTheoryAttribute()
    {
        Skip = new LocalFleetFactAttribute().Skip;
    }
}
