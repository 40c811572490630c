using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Fleet.DeviceAgent.CommandLine;

/// <summary>Options with a range, and values that are more than a number.</summary>
internal static class OptionParsing
{
    private const double FastestSpeed = 1000;

    public static Option<T> Ranged<T>(string name, string unit, T defaultValue, T min, T max, string description)
        where T : INumber<T>
    {
        var option = new Option<T>(name)
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"{description} {min} to {max}."),
            HelpName = unit,
            DefaultValueFactory = _ => defaultValue,
        };
        option.Validators.Add(result => CheckRange(result, name, result.GetValueOrDefault<T>(), min, max));
        return option;
    }

    public static void CheckRange<T>(OptionResult result, string name, T? value, T min, T max)
        where T : INumber<T>
    {
        // A value that does not parse is reported by the parser.
        if (!result.Errors.Any() && value is not null && (value < min || value > max || T.IsNaN(value)))
        {
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} {value} is out of range: {min} to {max}."));
        }
    }

    public static double Speed(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (text.Equals("max", StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var speed)
            && (speed == 0 || speed is >= 0.1 and <= FastestSpeed))
        {
            return speed;
        }

        result.AddError(string.Create(
            CultureInfo.InvariantCulture, $"--speed '{text}' is not a speed: give 0.1 to {FastestSpeed} times real time, or max."));
        return 1;
    }
}
