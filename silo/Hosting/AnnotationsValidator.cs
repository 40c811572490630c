using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Hosting;

/// <summary>Checks the attributes of an options class, in sentences that name the key rather than the property.</summary>
internal sealed class AnnotationsValidator<TOptions>(string section) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var faults = new List<ValidationResult>();
        if (Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true))
        {
            return ValidateOptionsResult.Success;
        }

        return ValidateOptionsResult.Fail(faults.SelectMany(fault => fault.MemberNames.Select(member =>
        {
            var key = $"{section}:{member}";
            return $"{key} is '{typeof(TOptions).GetProperty(member)?.GetValue(options)}': {fault.ErrorMessage} Set {key.Replace(":", "__", StringComparison.Ordinal)}.";
        })));
    }
}
