using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Fleet.Scoring.Configuration;

/// <summary>Collects everything that is wrong with the settings, in sentences that name the key.</summary>
internal sealed class ScoringServerOptionsValidator : IValidateOptions<ScoringServerOptions>
{
    public ValidateOptionsResult Validate(string? name, ScoringServerOptions options)
    {
        var results = new List<ValidationResult>();
        var context = new ValidationContext(options);

        // The framework asks the object itself only when all attributes are content; people want to hear everything at once.
        if (!Validator.TryValidateObject(options, context, results, validateAllProperties: true))
        {
            results.AddRange(options.Validate(context));
        }

        return results.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(results.Select(static result => result.ErrorMessage ?? "").Distinct());
    }
}
