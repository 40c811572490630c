namespace Fleet.Cli.Api;

/// <summary>Exit codes of the commands that ask a fleet.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>Refused, not found, or wrong options: the same again changes nothing.</summary>
    public const int NotDone = 1;

    /// <summary>The fleet does not answer: worth another try.</summary>
    public const int NoAnswer = 2;
}
