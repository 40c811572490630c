using System.ComponentModel.DataAnnotations;

namespace Fleet.Silo.Transcription;

/// <summary>Section Fleet:Scoring:Deployments:N: one of several endpoints or deployments. What is left out is as in Fleet:Scoring.</summary>
internal sealed class ScoringDeploymentOptions
{
    /// <summary>By which rows, metrics and retranscriptions know it. Required, at most 64 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>Share of live speech. 0 to 1,000; default 100. 0: it gets none, unless all others are away.</summary>
    [Range(0, 1_000)]
    public int Weight { get; init; } = 100;

    /// <summary>Sent as azureml-model-deployment, which pins it. Empty: the endpoint decides.</summary>
    public string? Deployment { get; init; }

    public string? Endpoint { get; init; }

    public string? KeyFile { get; init; }

    public string? SecondaryKeyFile { get; init; }

    public ScoringAuth? Auth { get; init; }

    public ScoringFormat? Format { get; init; }

    public ScoringCompression? Compression { get; init; }

    public int? MaxConcurrentRequestsPerInstance { get; init; }

    public int? Instances { get; init; }
}
