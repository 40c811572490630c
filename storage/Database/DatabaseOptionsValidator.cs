using Microsoft.Extensions.Options;
using Npgsql;

namespace Fleet.Storage;

/// <summary>Finds what attributes cannot: a connection string that does not parse, a password file that is not there, a retention that is too short.</summary>
internal sealed class DatabaseOptionsValidator : IValidateOptions<DatabaseOptions>
{
    public ValidateOptionsResult Validate(string? name, DatabaseOptions options)
    {
        List<string> errors = [];
        if (options.RetentionDays is > 0 and < DatabaseOptions.MinRetentionDays)
        {
            errors.Add(
                $"Fleet:Database:RetentionDays is {options.RetentionDays}: set it to {DatabaseOptions.MinRetentionDays} or more, since devices may " +
                "bring what they have kept for 7 days; or to 0, to keep everything for ever.");
        }

        if (!string.IsNullOrWhiteSpace(options.ConnectionString)) // else [Required] says it
        {
            CheckConnection(options, errors);
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void CheckConnection(DatabaseOptions options, List<string> errors)
    {
        NpgsqlConnectionStringBuilder? parsed = Parse(options.ConnectionString, errors);
        if (parsed is not null && string.IsNullOrEmpty(parsed.Host))
        {
            errors.Add("Fleet:Database:ConnectionString names no server: add Host=… to Fleet__Database__ConnectionString.");
        }

        if (!string.IsNullOrEmpty(options.PasswordFile))
        {
            if (!string.IsNullOrEmpty(parsed?.Password))
            {
                errors.Add(
                    "There are two passwords: take Password out of Fleet:Database:ConnectionString, or unset Fleet:Database:PasswordFile.");
            }

            if (!File.Exists(options.PasswordFile))
            {
                errors.Add(
                    $"Fleet:Database:PasswordFile does not exist: {options.PasswordFile}. " +
                    "Make it, or unset Fleet__Database__PasswordFile.");
            }
        }
    }

    private static NpgsqlConnectionStringBuilder? Parse(string connectionString, List<string> errors)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException)
        {
            // The string itself is not shown: it may hold a password.
            errors.Add($"Fleet:Database:ConnectionString is not a valid Npgsql connection string: {exception.Message}");
            return null;
        }
    }
}
