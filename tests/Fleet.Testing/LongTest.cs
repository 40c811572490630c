namespace Fleet.Testing;

/// <summary>What would make `./fleet test` too long for every change.</summary>
public static class LongTest
{
    /// <summary>Null where everything is to run.</summary>
    public static string? SkipReason => Environment.GetEnvironmentVariable("FLEET_TEST_ALL") is { Length: > 0 } ? null : "takes long: ./fleet test --all runs it";
}
