using Fleet.Dashboard.SignIn;
using Microsoft.Extensions.Options;

namespace Fleet.Dashboard.Hosting;

/// <summary>What the program does with its arguments; its results are exit codes.</summary>
internal static class CommandLine
{
    private const string Help = """
        Fleet dashboard: transcripts live and as a history, in the browser.

          Fleet.Dashboard [--Key=Value …]           serve; every key can be an argument or an environment variable (':' becomes '__')
          Fleet.Dashboard password --file FILE      make a new random password for 'admin', write its hash to FILE, print the password
          Fleet.Dashboard --help

        Keys
          Fleet:Dashboard:Listen              address and port (127.0.0.1:5080)
          Fleet:Dashboard:PasswordFile        file with the password's hash; a new file ends all sign-ins           required
          Fleet:Dashboard:KeysFolder          folder of the keys that protect sign-ins                              required
          Fleet:Dashboard:SessionHours        hours without a request after which a sign-in ends (12)
          Fleet:Dashboard:CertificateFile     PEM certificate for HTTPS, with Fleet:Dashboard:CertificateKeyFile
          Fleet:Dashboard:PrivateNetwork      true: plain HTTP beyond loopback is wanted (false)
          Fleet:Dashboard:BehindProxy         true: trust X-Forwarded-* of a proxy on this machine (false)
          Fleet:Database:ConnectionString     PostgreSQL; a role that can only read is enough                       required
          Fleet:Database:PasswordFile         file with the database password
          Fleet:Api:Address                   the silo's gRPC address (http://127.0.0.1:5100)
          Fleet:Api:KeyFile                   file with the API key

        The dashboard starts while the database or the silo is away, and recovers by itself.
        Health: GET /healthz/live, GET /healthz/ready.
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--help" or "-h" or "help", ..])
        {
            Console.WriteLine(Help);
            return 0;
        }

        if (args is ["password", ..])
        {
            return PasswordCommand.Run(args[1..], Console.Out, Console.Error);
        }

        if (args.FirstOrDefault(arg => !arg.StartsWith('-')) is { } unknown && !args[0].StartsWith('-'))
        {
            await Console.Error.WriteLineAsync($"Unknown command '{unknown}'. See Fleet.Dashboard --help.");
            return 1;
        }

        return await ServeAsync(args);
    }

    private static async Task<int> ServeAsync(string[] args)
    {
        try
        {
            await using var app = DashboardHost.Build(args);
            await app.RunAsync();
            return 0;
        }
        catch (OptionsValidationException ex)
        {
            foreach (var failure in ex.Failures)
            {
                await Console.Error.WriteLineAsync(failure);
            }
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            // A busy port, a folder that may not be written, a certificate that cannot be read: a sentence, not a stack.
            await Console.Error.WriteLineAsync(ex.Message);
        }

        return 1;
    }
}
