namespace Fleet.DeviceAgent.Uplink;

/// <summary>A call could not be opened, or ended before it was done.</summary>
internal sealed class IngestException : Exception
{
    public IngestException(IngestFault fault, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Fault = fault;
    }

    public IngestFault Fault { get; }
}
