namespace Fleet.UnitTests.Agent.Spool.Disk;

/// <summary>The power goes in the middle of an operation: the process is no more. Nothing of the product catches it.</summary>
internal sealed class PowerCutException : Exception;
