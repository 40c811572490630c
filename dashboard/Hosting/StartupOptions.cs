using System.ComponentModel.DataAnnotations;
using Fleet.Dashboard.Configuration;
using Fleet.Dashboard.Devices;
using Fleet.Dashboard.Live;
using Fleet.Storage;
using Microsoft.Extensions.Options;

namespace Fleet.Dashboard.Hosting;

/// <summary>Checks all options before anything is built, so that every fault is told at once and in words.</summary>
internal static class StartupOptions
{
    public static T Read<T>(IConfiguration configuration, string section)
        where T : class, new() => configuration.GetSection(section).Get<T>() ?? new T();

    public static void Validate(IConfiguration configuration)
    {
        List<string> failures =
        [
            .. Failures(Read<DashboardOptions>(configuration, DashboardOptions.Section)),
            .. Failures(Read<LiveOptions>(configuration, LiveOptions.Section)),
            .. Failures(Read<FleetApiOptions>(configuration, FleetApiOptions.Section)),
            .. Failures(Read<DatabaseOptions>(configuration, DatabaseOptions.Section)),
        ];
        if (failures.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(DashboardOptions), failures);
        }
    }

    private static IEnumerable<string> Failures(object options)
    {
        List<ValidationResult> results = [];
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return results.Select(result => result.ErrorMessage ?? "An option is not valid.");
    }
}
