namespace Fleet.Silo.Membership;

/// <summary>The streams that end at this silo, for those who count and drain them.</summary>
internal interface ISessions
{
    int Count { get; }

    /// <summary>Asks every device to finish and to connect again.</summary>
    void Drain(TimeSpan within, TimeSpan reconnectJitter);
}
