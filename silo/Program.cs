using Fleet.Silo.Hosting;
using Fleet.Silo.Membership;
using Microsoft.Extensions.Options;

if (args.Any(arg => arg is "--help" or "-h" or "-?"))
{
    Console.WriteLine(Help.Text);
    return 0;
}

try
{
    await using var app = SiloHost.Build(args);
    await app.RunAsync();
    return app.Services.GetRequiredService<SiloStatus>().FailedBecause is null ? 0 : 1;
}
catch (OptionsValidationException exception)
{
    foreach (var failure in exception.Failures)
    {
        await Console.Error.WriteLineAsync(failure);
    }
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or System.Security.Cryptography.CryptographicException)
{
    // A busy port, a key file that cannot be read, a certificate that is not one.
    await Console.Error.WriteLineAsync($"The silo could not start: {exception.Message}");
}

return 1;
