namespace Fleet.Silo.Transcription;

/// <summary>One deployment as the options describe it, with nothing left out.</summary>
internal sealed record ScoringTarget
{
    public const string OnlyName = "default";

    public required string Name { get; init; }

    public required Uri Endpoint { get; init; }

    public required ScoringFormat Format { get; init; }

    public ScoringCompression Compression { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>Of azureml-model-deployment; empty = it is not sent.</summary>
    public string Deployment { get; init; } = "";

    public int Weight { get; init; } = 100;

    public ScoringAuth Auth { get; init; }

    public string KeyFile { get; init; } = "";

    public string SecondaryKeyFile { get; init; } = "";

    /// <summary>Requests that its instances work on at a time; 0 = not known.</summary>
    public int ConcurrentRequests { get; init; }

    public int MaxInFlight { get; init; } = 32;

    /// <summary>More would be answered with 429.</summary>
    public int Ceiling => ConcurrentRequests > 0 ? Math.Min(2 * ConcurrentRequests, MaxInFlight) : MaxInFlight;

    /// <summary>All of the options.</summary>
    public static IReadOnlyList<ScoringTarget> All(ScoringOptions options) => options.Deployments.Count == 0
        ? [Of(options, new ScoringDeploymentOptions { Name = options.Deployment.Length > 0 ? options.Deployment : OnlyName })]
        : [.. options.Deployments.Select(deployment => Of(options, deployment))];

    private static ScoringTarget Of(ScoringOptions options, ScoringDeploymentOptions deployment) => new()
    {
        Name = deployment.Name,
        Endpoint = new Uri(deployment.Endpoint ?? options.Endpoint),
        Format = deployment.Format ?? options.Format,
        Compression = deployment.Compression ?? options.Compression,
        Timeout = options.Timeout,
        Deployment = deployment.Deployment ?? options.Deployment,
        Weight = deployment.Weight,
        Auth = deployment.Auth ?? options.Auth,
        KeyFile = deployment.KeyFile ?? options.KeyFile,
        SecondaryKeyFile = deployment.SecondaryKeyFile ?? options.SecondaryKeyFile,
        ConcurrentRequests = (deployment.MaxConcurrentRequestsPerInstance ?? options.MaxConcurrentRequestsPerInstance) * (deployment.Instances ?? options.Instances),
        MaxInFlight = options.MaxInFlight,
    };
}
