using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using Fleet.DeviceAgent.CommandLine;
using Fleet.DeviceAgent.Configuration;
using Fleet.DeviceAgent.Diagnosis;
using Fleet.DeviceAgent.Identity;
using Fleet.DeviceAgent.Service;
using Fleet.DeviceAgent.Testing;

using var stopping = new CancellationTokenSource();
var time = SteppedClock.Choose(BootClock.Choose(TimeProvider.System));
var askedAt = 0L;

// The first signal asks for a stop in good order; a second one is not handled and ends the process at once. Two in one second are one: some
// wrappers deliver each signal twice.
void Stop(PosixSignalContext signal)
{
    var first = Interlocked.CompareExchange(ref askedAt, time.GetTimestamp(), 0);
    signal.Cancel = first == 0 || time.GetElapsedTime(first) < TimeSpan.FromSeconds(1);
    stopping.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

var command = new AgentCommand().Create(async (arguments, cancellationToken) =>
{
    if (arguments.Check)
    {
        return await new AgentCheck(arguments, Console.Out, time, !Console.IsOutputRedirected).RunAsync(cancellationToken);
    }

    using var loggers = AgentLogging.Create(arguments.Verbose, arguments.LogJson);
    try
    {
        using var part = arguments.ShareStateFolder ? StatePart.Take(arguments.StateFolder) : null;
        using var manager = ServiceManager.FromEnvironment(Environment.GetEnvironmentVariable);
        return await new AgentRun(part is null ? arguments : arguments.In(part), loggers, Console.Out, Console.Error, time, manager: manager).RunAsync(cancellationToken);
    }
    catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
    {
        await Console.Error.WriteLineAsync(ex.Message);
        return ExitCodes.BadArguments;
    }
});

var parsed = command.Parse(args);
if (parsed.Action is ParseErrorAction)
{
    return UsageErrors.Tell(parsed, Console.Error);
}

// Signals are handled above: the library's own handling gives up after two seconds.
return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = null }, stopping.Token);
