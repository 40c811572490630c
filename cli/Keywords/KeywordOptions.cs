using System.CommandLine;
using Fleet.Audio;
using Fleet.Audio.Keywords;

namespace Fleet.Cli.Keywords;

/// <summary>What the keyword commands have in common: numbers with a range, and errors as one sentence.</summary>
internal static class KeywordOptions
{
    public static Option<int> Number(string name, string description, int preset, int min, int max)
    {
        var option = new Option<int>(name) { Description = description, HelpName = max == int.MaxValue ? "NUMBER" : $"{min}-{max}", DefaultValueFactory = _ => preset };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var value && (value < min || value > max))
            {
                result.AddError($"{name} must be between {min} and {max}.");
            }
        });
        return option;
    }

    public static Option<double> Number(string name, string description, double preset, double min, double max)
    {
        var option = new Option<double>(name) { Description = description, HelpName = $"{min}-{max}", DefaultValueFactory = _ => preset };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is var value && !(value >= min && value <= max))
            {
                result.AddError($"{name} must be between {min} and {max}.");
            }
        });
        return option;
    }

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ParseResult result, Func<TextWriter, Task<int>> work)
    {
        try
        {
            return await work(TextWriter.Synchronized(result.InvocationConfiguration.Output));
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or InvalidDataException or KeyNotFoundException or KeywordModelException or WavFormatException)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync(ex.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync("Interrupted. The same command goes on where it stopped.");
            return 1;
        }
    }
}
