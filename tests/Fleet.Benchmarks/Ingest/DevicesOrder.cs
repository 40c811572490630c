namespace Fleet.Benchmarks.Ingest;

/// <summary>What a process of devices is to do; one line of JSON.</summary>
internal sealed record DevicesOrder(DevicesAction Action)
{
    /// <summary>Of the silo; with Connect, as the next four.</summary>
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

    /// <summary>With Paced: utterances a second of all devices together; with Lone: utterances.</summary>
    public double Count { get; init; }
}
