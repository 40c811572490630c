namespace Fleet.Scoring.Decoding;

internal sealed partial class DecoderPool
{
    [LoggerMessage(2001, LogLevel.Information, "Decoders are loaded: {Decoders}, engine {Engine}, model {Model}.")]
    private partial void LogReady(int decoders, string engine, string model);

    [LoggerMessage(2002, LogLevel.Error, "The recogniser failed on a recording of {Samples} samples (request {ClientRequestId}); its decoder is replaced.")]
    private partial void LogDecodeFailed(Exception exception, int samples, string? clientRequestId);

    [LoggerMessage(2003, LogLevel.Critical, "A decoder thread has ended.")]
    private partial void LogWorkerEnded(Exception exception);
}
