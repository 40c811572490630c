using Fleet.Contracts.CommandLine;
using Fleet.Dashboard.Configuration;
using Fleet.Dashboard.Devices;
using Fleet.Dashboard.Live;
using Fleet.Dashboard.SignIn;
using Fleet.Storage;
using Microsoft.Extensions.Options;

namespace Fleet.Dashboard.Hosting;

/// <summary>What the program does with its arguments; its results are exit codes.</summary>
internal static class CommandLine
{
    private static IReadOnlyCollection<string> Keys { get; } =
    [
        .. OptionKeys.Of(DashboardOptions.Section, typeof(DashboardOptions)),
        .. OptionKeys.Of(LiveOptions.Section, typeof(LiveOptions)),
        .. OptionKeys.Of(FleetApiOptions.Section, typeof(FleetApiOptions)),
        .. OptionKeys.Of(DatabaseOptions.Section, typeof(DatabaseOptions)),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Any(arg => arg is "--help" or "-h" or "-?") || args is ["help", ..])
        {
            Console.WriteLine(Help.Text);
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

        string[] settings = [.. args.Where(arg => arg != HealthQuestion.Argument)];
        if (OptionKeys.Fault(settings, Keys, "Fleet.Dashboard") is { } fault)
        {
            await Console.Error.WriteLineAsync(fault);
            return 1;
        }

        return args.Contains(HealthQuestion.Argument) ? await HealthCommand.RunAsync(settings) : await ServeAsync(args);
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
