using Fleet.Contracts.CommandLine;
using Fleet.Silo.Hosting;
using Fleet.Silo.Membership;
using Fleet.Silo.Testing;
using Microsoft.Extensions.Options;

if (args.Any(arg => arg is "--help" or "-h" or "-?"))
{
    Console.WriteLine(Help.Text);
    return 0;
}

if (args is ["--list-fault-points"])
{
    foreach (var name in FaultPoint.Names)
    {
        Console.WriteLine(name);
    }

    return 0;
}

if (FaultPoint.Fault is { } badPoint)
{
    await Console.Error.WriteLineAsync(badPoint);
    return 1;
}

const string Migrate = "--migrate";
string[] settings = [.. args.Where(arg => arg is not (HealthQuestion.Argument or Migrate))];
if (OptionKeys.Fault(settings, SiloKeys.Accepted, "Fleet.Silo") is { } fault)
{
    await Console.Error.WriteLineAsync(fault);
    return 1;
}

if (args.Contains(HealthQuestion.Argument))
{
    return await HealthCommand.RunAsync(settings);
}

if (args.Contains(Migrate))
{
    return await MigrateCommand.RunAsync(settings, TimeProvider.System, Console.Out, Console.Error);
}

try
{
    await using var app = SiloHost.Build(args);
    var status = app.Services.GetRequiredService<SiloStatus>();
    var workers = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
    await app.RunAsync();
    return status.FailedBecause is null && !workers.Exists(worker => worker.ExecuteTask is { IsFaulted: true }) ? 0 : 1;
}
catch (OptionsValidationException exception)
{
    await ShowAsync(exception.Failures);
}
catch (AggregateException exception) when (exception.InnerExceptions.All(inner => inner is OptionsValidationException))
{
    await ShowAsync(exception.InnerExceptions.OfType<OptionsValidationException>().SelectMany(inner => inner.Failures));
}
catch (InvalidOperationException exception) when (exception.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal))
{
    await Console.Error.WriteLineAsync(exception.Message);
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or System.Security.Cryptography.CryptographicException)
{
    // A busy port, a key file that cannot be read, a certificate that is not one.
    await Console.Error.WriteLineAsync($"The silo could not start: {exception.Message}");
}

return 1;

static async Task ShowAsync(IEnumerable<string> failures)
{
    foreach (var failure in failures)
    {
        await Console.Error.WriteLineAsync(failure);
    }
}
