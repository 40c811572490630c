using System.CommandLine;
using System.CommandLine.Invocation;
using Fleet.Cli;
using Fleet.Cli.Local.Processes;

LibC.HeedInterrupts();
var root = RootCommandFactory.Create(TimeProvider.System);

// `local up` handles signals itself: it needs longer than the default 2 seconds to stop its parts in order.
var parsed = root.Parse(args);
return parsed.Action is ParseErrorAction || UsageErrors.HasUnknownOptions(parsed) ? UsageErrors.Tell(parsed, Console.Error) : await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, CancellationToken.None);
