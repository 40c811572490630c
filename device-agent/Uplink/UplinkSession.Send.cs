using System.Buffers;
using Fleet.DeviceAgent.Spool;
using Fleet.V1;
using Google.Protobuf;

namespace Fleet.DeviceAgent.Uplink;

// What the device says, in this order: heartbeats and questions, which are few; what is being said now; then losses and the backlog by turns.
internal sealed partial class UplinkSession
{
    private bool _isTurnOfLosses = true;

    /// <summary>Sends one message, or mends one utterance; false when there is nothing to do now.</summary>
    private async ValueTask<bool> SendNextAsync(CancellationToken cancellationToken)
    {
        if (_heartbeatIsDue || IsClockToBeAsked())
        {
            _heartbeatIsDue = false;
            var nonce = _heartbeats.OnSent(context.Time.GetTimestamp());
            await connection.SendAsync(context.Heartbeat(nonce), cancellationToken);
            return true;
        }

        if (_drain is null && await AskAsync(cancellationToken))
        {
            return true;
        }

        if (context.Queue.TryNextLive(out var live))
        {
            await SendAsync(live, cancellationToken);
            return true;
        }

        if (context.Queue.TryTakeForCorrection(out var waiting) && waiting is not null)
        {
            Correct(waiting);
            return true;
        }

        if (_isTurnOfLosses && await ReportLossAsync(cancellationToken))
        {
            _isTurnOfLosses = false;
            return true;
        }

        _isTurnOfLosses = true;
        if (context.Queue.TryNext(out var step))
        {
            await SendAsync(step, cancellationToken);
            return true;
        }

        return await ReportLossAsync(cancellationToken);
    }

    private bool IsClockToBeAsked()
    {
        if (_isClockAsked || !context.Install.Clock.IsDoubtful)
        {
            return false;
        }

        _isClockAsked = true;
        return true;
    }

    private async ValueTask<bool> AskAsync(CancellationToken cancellationToken)
    {
        if (_resume is not { } resume)
        {
            return false;
        }

        if (resume.TryGiveUp())
        {
            LogNoResumePoints(context.Options.ResumeTimeout.TotalSeconds);
        }

        if (resume.TryFinishGeneration())
        {
            KeepGeneration(resume.StorageGeneration);
        }

        if (resume.Next() is not { } query)
        {
            return false;
        }

        await connection.SendAsync(new DeviceMessage { ResumeQuery = query }, cancellationToken);
        return true;
    }

    private void Correct(WaitingUtterance waiting)
    {
        var entry = waiting.Entry;
        var corrected = context.Correction.Correct(entry, waiting.IsForeign);
        if (corrected != entry)
        {
            context.Transcripts.OnGone(entry.Id);
            context.Transcripts.OnAdded(corrected.Start);
        }

        context.Queue.OnCorrected(waiting, corrected);
    }

    private async ValueTask<bool> ReportLossAsync(CancellationToken cancellationToken)
    {
        if (_drain is not null || !context.Losses.TryNext(out var loss) || loss is null)
        {
            return false;
        }

        await connection.SendAsync(new DeviceMessage { UtteranceLost = context.Correction.Correct(LossQueue.ToMessage(loss)) }, cancellationToken);
        return true;
    }

    private async Task SendAsync(SendStep step, CancellationToken cancellationToken)
    {
        var entry = step.Entry;
        switch (step.Kind)
        {
            case SendStepKind.Start when !context.Spool.Verify(entry):
                context.Queue.OnAnswered(entry.Id);
                context.Transcripts.OnGone(entry.Id);
                break;
            case SendStepKind.Start:
                await connection.SendAsync(new DeviceMessage { UtteranceStart = StartOf(entry, step.OffsetBytes) }, cancellationToken);
                break;
            case SendStepKind.Chunk:
                await SendChunkAsync(entry, step.OffsetBytes, step.CountBytes, cancellationToken);
                break;
            case SendStepKind.End when entry.Trailer is { } trailer:
                await connection.SendAsync(
                    new DeviceMessage
                    {
                        UtteranceEnd = new UtteranceEnd
                        {
                            UtteranceId = entry.Id,
                            LengthBytes = (ulong)trailer.LengthBytes,
                            Crc32C = trailer.Crc32C,
                            Reason = trailer.Reason,
                        },
                    },
                    cancellationToken);
                entry.CloseReader();
                break;
        }
    }

    private static UtteranceStart StartOf(SpoolEntry entry, long resumeFromBytes)
    {
        var start = entry.Start.Clone();
        start.ResumeFromBytes = (ulong)resumeFromBytes;
        if (start.Clock == Clock.Unspecified)
        {
            // Left by an agent that did not say it: it went by its wall clock.
            start.Clock = Clock.Device;
        }

        return start;
    }

    private async Task SendChunkAsync(SpoolEntry entry, long offset, int count, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(count);
        try
        {
            var read = entry.Read(offset, buffer.AsSpan(0, count));
            var chunk = new AudioChunk
            {
                UtteranceId = entry.Id,
                OffsetBytes = (ulong)offset,
                Pcm = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, read)), // the buffer outlives the write
            };
            await connection.SendAsync(new DeviceMessage { AudioChunk = chunk }, cancellationToken);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // The cloud has a part of it and forgets that with the session; the rest cannot be had.
            context.Queue.OnAnswered(entry.Id);
            context.Transcripts.OnGone(entry.Id);
            context.Spool.Quarantine(entry, ex.Message);
            throw new IngestException(IngestFault.Unavailable, $"an utterance could not be read from the spool ({ex.Message})", ex);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
