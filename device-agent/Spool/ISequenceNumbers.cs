namespace Fleet.DeviceAgent.Spool;

/// <summary>The install's numbers: each utterance has one, and none is given twice or left out without an account.</summary>
internal interface ISequenceNumbers
{
    /// <summary>The number of the next utterance.</summary>
    ulong NextSequenceNumber { get; }

    /// <summary>The number is used, but nothing on disk says so: it is not to be kept before its loss is.</summary>
    void Skip(ulong number);

    /// <summary>The number is used, and nothing else on disk will say so any more. False: the disk does not take it.</summary>
    bool TryKeep(ulong number);
}
