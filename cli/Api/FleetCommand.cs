using System.CommandLine;
using Fleet.Cli.Output;
using Grpc.Core;

namespace Fleet.Cli.Api;

/// <summary>Makes a command ask a fleet: connects, runs, and turns faults into a sentence on stderr and an exit code.</summary>
internal static class FleetCommand
{
    /// <summary>What people and programs get of a command that failed halfway.</summary>
    public static void AsksFleet(
        this Command command, TimeProvider time, Func<ParseResult, FleetClient, Writers, CancellationToken, Task<int>> run)
    {
        FleetOptions options = new();
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var writers = Writers.Of(parsed.InvocationConfiguration, time);
            FleetClient? client = null;
            try
            {
                client = options.Connect(parsed, time);
                return await run(parsed, client, writers, cancellationToken);
            }
            catch (CliException exception)
            {
                return Fail(writers, exception);
            }
            catch (Exception exception) when (client is not null && exception is RpcException or HttpRequestException or IOException && !cancellationToken.IsCancellationRequested)
            {
                return Fail(writers, client!.Explain(exception)); // not null: it was connected, or nothing was called
            }
            finally
            {
                client?.Dispose();
            }
        });
    }

    private static int Fail(Writers writers, CliException exception)
    {
        writers.Errors.WriteLine(PlainText.Of(exception.Message));
        return exception.ExitCode;
    }
}
