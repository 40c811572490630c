namespace Fleet.Cli.Api;

/// <summary>What ends a command: a sentence for people that says what to do next, and the exit code.</summary>
internal sealed class CliException(string message, int exitCode = ExitCodes.NotDone) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
