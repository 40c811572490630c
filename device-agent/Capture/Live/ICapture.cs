namespace Fleet.DeviceAgent.Capture.Live;

/// <summary>Takes live sound in and fills a queue.</summary>
internal interface ICapture
{
    /// <summary>Runs until the sound is over or the token is cancelled; the queue is complete afterwards.</summary>
    Task RunAsync(SampleQueue queue, CancellationToken cancellationToken);
}
