using Fleet.DeviceAgent.Endpointing;
using Fleet.DeviceAgent.Health;
using Fleet.DeviceAgent.Mute;
using Fleet.DeviceAgent.Service;

namespace Fleet.DeviceAgent.Capture.Live;

/// <summary>
/// Gives live sound to a segmenter. A gap ends the open utterance: what comes after a microphone was restarted does not follow on what came
/// before, and two halves of different sentences must not become one. What was said before the gap is kept and sent.
/// </summary>
internal sealed class Listener(
    string source, UtteranceRecorder recorder, ISegmenter segmenter, LevelWatch levels, MuteWatch mute, WorkWatch work, PlayReport report, TimeProvider time)
{
    /// <summary>Runs until the queue is complete and empty.</summary>
    /// <param name="queue">The sound.</param>
    /// <param name="stopping">Tells, at the end, whether the agent stops or the source is over.</param>
    public async Task RunAsync(SampleQueue queue, CancellationToken stopping)
    {
        var isFresh = true;
        var hasHeard = false;

        // Not cancelled: whoever fills the queue completes it at the stop, and what was heard until then is kept.
        await foreach (var piece in queue.ReadAllAsync(CancellationToken.None))
        {
            work.Begin();
            try
            {
                if (piece.IsGap)
                {
                    segmenter.EndOfSource();
                    isFresh = true;
                    continue;
                }

                if (mute.IsMuted)
                {
                    // What was said until now is kept; what is said from now on is nobody's.
                    if (!isFresh)
                    {
                        segmenter.EndOfSource();
                        isFresh = true;
                    }
                }
                else
                {
                    Take(piece, isFresh);
                    isFresh = false;
                }
            }
            finally
            {
                piece.Return();
                work.End();
            }

            if (!hasHeard)
            {
                hasHeard = true;
                report.OnHeard();
            }
        }

        if (stopping.IsCancellationRequested)
        {
            segmenter.Stop();
        }
        else
        {
            segmenter.EndOfSource();
        }
    }

    private void Take(SamplePiece piece, bool isFresh)
    {
        var end = segmenter.Position + piece.Count;
        if (isFresh)
        {
            recorder.BeginSource(source, segmenter.Position);
        }

        recorder.Follow(end, time.GetElapsedTime(piece.ArrivedAt));
        levels.HearLive(end, piece.Count, piece.Levels);
        segmenter.Push(piece.Samples);
    }
}
