using Fleet.Audio;
using Fleet.Contracts.CommandLine;
using Fleet.Scoring.Configuration;
using Fleet.Scoring.Hosting;
using Microsoft.Extensions.Options;

if (args.Any(arg => arg is "--help" or "-h" or "-?") || args is ["help", ..])
{
    Console.WriteLine(Help.Text);
    return 0;
}

string[] settings = [.. args.Where(arg => arg != HealthQuestion.Argument)];
if (OptionKeys.Fault(settings, [.. OptionKeys.Of(ScoringServerOptions.Section, typeof(ScoringServerOptions))], "Fleet.Scoring") is { } fault)
{
    await Console.Error.WriteLineAsync(fault);
    return 1;
}

if (args.Contains(HealthQuestion.Argument))
{
    return await HealthCommand.RunAsync(settings);
}

try
{
    await using var app = await ScoringServer.StartAsync(args);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (OptionsValidationException ex)
{
    foreach (var failure in ex.Failures)
    {
        await Console.Error.WriteLineAsync(failure);
    }

    return 1;
}
catch (Exception ex) when (ex is RecogniserUnavailableException or IOException or InvalidDataException or InvalidOperationException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync(ex.Message);
    return 1;
}
