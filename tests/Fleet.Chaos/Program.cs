using System.CommandLine;
using System.CommandLine.Invocation;
using Fleet.Chaos.Running;
using Fleet.Cli.Local.Processes;
using Fleet.Contracts.CommandLine;

LibC.HeedInterrupts();
var command = new ChaosCommand().Create(options => new ChaosRunner(options, Console.Out, TimeProvider.System).RunAsync());
var parsed = command.Parse(args);
if (parsed.Action is not ParseErrorAction)
{
    // Ctrl-C is handled by the runner, which has processes to end.
    return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, CancellationToken.None);
}

foreach (var error in parsed.Errors)
{
    await Console.Error.WriteLineAsync(error.Message);
}

foreach (var word in parsed.UnmatchedTokens)
{
    if (OptionKeys.Nearest(word, command.Options.Select(option => option.Name)) is { } nearest)
    {
        await Console.Error.WriteLineAsync($"Did you mean {nearest}?");
    }
}

await Console.Error.WriteLineAsync("All options: ./fleet chaos --help");
return 2;
