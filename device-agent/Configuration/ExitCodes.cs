namespace Fleet.DeviceAgent.Configuration;

/// <summary>What the program tells who started it.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int BadArguments = 1;
    public const int NothingPlayed = 2;
    public const int NotStored = 3;

    /// <summary>With --check: something must be mended.</summary>
    public const int CheckFailed = 4;
}
