using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Transcription;

/// <summary>What attributes cannot say of the endpoints: each sentence names the key and the remedy.</summary>
internal sealed class ScoringOptionsValidator : IValidateOptions<ScoringOptions>
{
    private const int LongestName = 64;

    public ValidateOptionsResult Validate(string? name, ScoringOptions options)
    {
        var faults = new List<string>();
        CheckEndpoint(options.Endpoint, "Fleet:Scoring:Endpoint", faults);
        if (options.Auth == ScoringAuth.Entra && options.ClientSecretFile.Length > 0 && (options.TenantId.Length == 0 || options.ClientId.Length == 0))
        {
            faults.Add("Fleet:Scoring:ClientSecretFile is set: set Fleet:Scoring:TenantId and Fleet:Scoring:ClientId, too, or leave it empty for a managed identity.");
        }

        for (var i = 0; i < options.Deployments.Count; i++)
        {
            Check(options.Deployments[i], $"Fleet:Scoring:Deployments:{i}", faults);
        }

        foreach (var twice in options.Deployments.GroupBy(static deployment => deployment.Name).Where(static group => group.Count() > 1))
        {
            faults.Add($"Fleet:Scoring:Deployments has '{twice.Key}' {twice.Count()} times: give each a Name of its own.");
        }

        if (options.Deployments.Count > 0 && options.Deployments.All(static deployment => deployment.Weight == 0))
        {
            faults.Add("Fleet:Scoring:Deployments has only weights of 0: set the Weight of at least one above 0, it gets live speech.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void Check(ScoringDeploymentOptions deployment, string key, List<string> faults)
    {
        if (deployment.Name.Length is 0 or > LongestName)
        {
            faults.Add($"{key}:Name is '{deployment.Name}': set it to a name of 1 to {LongestName} characters.");
        }

        if (deployment.Endpoint is { } endpoint)
        {
            CheckEndpoint(endpoint, $"{key}:Endpoint", faults);
        }

        var wrong = new List<ValidationResult>();
        if (!Validator.TryValidateObject(deployment, new ValidationContext(deployment), wrong, validateAllProperties: true))
        {
            faults.AddRange(wrong.Select(fault => $"{key}:{string.Join(", ", fault.MemberNames)}: {fault.ErrorMessage}"));
        }
    }

    private static void CheckEndpoint(string endpoint, string key, List<string> faults)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            faults.Add($"{key} is '{endpoint}': set it to an address such as http://127.0.0.1:5001/score.");
        }
    }
}
