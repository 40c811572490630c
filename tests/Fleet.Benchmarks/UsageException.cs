namespace Fleet.Benchmarks;

/// <summary>The command line does not say what to measure.</summary>
internal sealed class UsageException(string message) : Exception(message);
