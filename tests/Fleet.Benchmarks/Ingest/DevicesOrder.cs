namespace Fleet.Benchmarks.Ingest;

/// <summary>What a process of devices is to do; one line of JSON.</summary>
internal sealed record DevicesOrder(DevicesAction Action)
{
    /// <summary>Of the silo, or of several with commas between; with Connect, as the next four.</summary>
    public string Address { get; init; } = "";

    public string KeyFile { get; init; } = "";

    /// <summary>First part of their device ids.</summary>
    public string Name { get; init; } = "bench";

    public int AudioBytes { get; init; }

    /// <summary>Utterances that a device may have on their way.</summary>
    public int InFlight { get; init; } = 8;

    /// <summary>How many devices: to connect, or that take part.</summary>
    public int Devices { get; init; }

    public int Milliseconds { get; init; }

    /// <summary>With Paced: acks are timed from the moment at which the utterance was complete at its device, also when it could not be sent then.</summary>
    public bool SinceSpoken { get; init; }

    /// <summary>With Paced: utterances a second of all devices together; with Lone: utterances.</summary>
    public double Count { get; init; }
}
