using Azure.Core;
using Azure.Identity;

namespace Fleet.Silo.Transcription;

/// <summary>Which of Azure.Identity's credentials the options ask for.</summary>
internal static class EntraCredentials
{
    public static TokenCredential Create(ScoringOptions options)
    {
        if (options.ClientSecretFile.Length > 0)
        {
            return new ClientSecretCredential(options.TenantId, options.ClientId, File.ReadAllText(options.ClientSecretFile).Trim());
        }

        // What asks a person for a sign-in, or takes one that a person has left on the machine, is none of a server's ways.
        return new DefaultAzureCredential(new DefaultAzureCredentialOptions
        {
            TenantId = options.TenantId.Length > 0 ? options.TenantId : null,
            ManagedIdentityClientId = options.ClientId.Length > 0 ? options.ClientId : null,
            WorkloadIdentityClientId = options.ClientId.Length > 0 ? options.ClientId : null,
            ExcludeInteractiveBrowserCredential = true,
            ExcludeVisualStudioCredential = true,
            ExcludeAzurePowerShellCredential = true,
            ExcludeAzureDeveloperCliCredential = true,
        });
    }
}
