using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using Fleet.DeviceAgent.CommandLine;

using var stopping = new CancellationTokenSource();

// The first signal asks for a stop in good order; a second one is not handled and ends the process at once.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stopping.IsCancellationRequested;
    stopping.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

var command = new AgentCommand().Create(async (arguments, cancellationToken) =>
{
    using var loggers = AgentLogging.Create(arguments.Verbose);
    return await new AgentRun(arguments, loggers, Console.Out, Console.Error, TimeProvider.System).RunAsync(cancellationToken);
});

var parsed = command.Parse(args);
if (parsed.Action is ParseErrorAction error)
{
    error.ShowHelp = false; // what is wrong would scroll away
}

// Signals are handled above: the library's own handling gives up after two seconds.
return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = null }, stopping.Token);
