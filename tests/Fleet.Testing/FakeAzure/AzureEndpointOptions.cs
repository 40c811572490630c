namespace Fleet.Testing.FakeAzure;

/// <summary>What the fake endpoint is like: the documented limits of a managed endpoint, and a model of known cost behind them.</summary>
public sealed class AzureEndpointOptions
{
    /// <summary>Instances of the deployment.</summary>
    public int Instances { get; set; } = 1;

    /// <summary>max_concurrent_requests_per_instance. More than twice this times <see cref="Instances"/> in flight is 429.</summary>
    public int MaxConcurrentRequestsPerInstance { get; set; } = 1;

    /// <summary>request_timeout_ms: after it the answer is 408, and the work goes on.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What a call costs by itself.</summary>
    public TimeSpan CallCost { get; set; }

    /// <summary>And with each utterance.</summary>
    public TimeSpan UtteranceCost { get; set; }

    /// <summary>And with each second of audio.</summary>
    public TimeSpan SecondCost { get; set; }

    /// <summary>Each utterance costs as much as the longest in its call.</summary>
    public bool Pads { get; set; }

    /// <summary>Of the endpoint, both ways; requests beyond it are delayed. 0 = no limit. 5 MB/s is the documented one.</summary>
    public long BandwidthBytesPerSecond { get; set; }

    /// <summary>Bodies beyond it are 413.</summary>
    public long MaxBodyBytes { get; set; } = 100_000_000;

    /// <summary>Most utterances in one call; beyond it the model answers 400. 0 = no limit.</summary>
    public int MaxUtterances { get; set; }

    /// <summary>Keys that are taken; empty = any, also none.</summary>
    public HashSet<string> Keys { get; } = [];

    /// <summary>Deployments that there are, the first one being that of the endpoint's traffic; another one is 404.</summary>
    public List<string> Deployments { get; } = ["blue"];

    /// <summary>Utterances (id, samples) at which the model fails: told for the item where the body has ids, else 424 with this inner status for the call.</summary>
    public Func<string, int, bool> IsPoisoned { get; set; } = (_, _) => false;

    public int PoisonStatus { get; set; } = 400;

    /// <summary>Share of calls answered with 503, by a generator with a seed.</summary>
    public double UnavailableShare { get; set; }

    /// <summary>With 429 and 503, in seconds; 0 = the header is not sent.</summary>
    public int RetryAfterSeconds { get; set; }

    /// <summary>Another answer to a call than the model's, by its number from 1: status and headers; null = the model's.</summary>
    public Func<int, AzureFault?> Fault { get; set; } = _ => null;

    public int InFlightLimit => 2 * MaxConcurrentRequestsPerInstance * Instances;

    public int Parallel => MaxConcurrentRequestsPerInstance * Instances;

    public TimeSpan CostOf(int utterances, double seconds, double longestSeconds) =>
        CallCost + (UtteranceCost * utterances) + (SecondCost * (Pads ? utterances * longestSeconds : seconds));
}
