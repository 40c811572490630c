using System.CommandLine;
using Fleet.Cli.Local;
using Fleet.Cli.Local.Processes;

LibC.HeedInterrupts();
var root = new RootCommand("fleet-cli: for people and scripts that work with a fleet.") { LocalCommand.Create(TimeProvider.System) };

// `local up` handles signals itself: it needs longer than the default 2 seconds to stop its parts in order.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, CancellationToken.None);
