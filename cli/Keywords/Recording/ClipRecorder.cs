using System.Globalization;
using Fleet.Cli.Keywords.Sounds;

namespace Fleet.Cli.Keywords.Recording;

/// <summary>Takes clips from whoever speaks, or out of recordings, and keeps those that are of use.</summary>
internal sealed class ClipRecorder(ClipFolder folder, ClipClass clipClass, string word, string speaker, TextWriter output)
{
    // A microphone that is of no use is not asked for ever.
    private const int MaxFailuresInARow = 10;

    // Silence that parts two words in a recording.
    private const int GapFrames = 30;
    private const int FrameSamples = Wave16.RateHz / 100;

    public async Task RecordAsync(int count, Func<Task<short[]>> record, CancellationToken cancellationToken)
    {
        var failures = 0;
        for (var taken = 0; taken < count;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{taken + 1} of {count}: {Request()}"));
            var samples = await record();
            if (Problem(samples, out var bounds) is { } problem)
            {
                await output.WriteLineAsync($"   once more: {problem}.");
                if (++failures == MaxFailuresInARow)
                {
                    throw new IOException($"{MaxFailuresInARow} clips in a row were of no use; the last one since {problem}.");
                }

                continue;
            }

            failures = 0;
            taken++;
            await output.WriteLineAsync($"   ok {folder.Add(samples, bounds, speaker, word)}");
        }
    }

    /// <summary>A word each where there is silence around it; of what is no keyword, pieces of so many seconds.</summary>
    public void Cut(IReadOnlyList<string> files, int pieceSeconds)
    {
        foreach (var file in files)
        {
            if (SoundFolder.TryRead(file, output.WriteLine) is not { } samples)
            {
                continue;
            }

            var kept = 0;
            foreach (var (start, end) in clipClass == ClipClass.Keyword ? Words(samples) : Pieces(samples, pieceSeconds * Wave16.RateHz))
            {
                var clip = samples.AsSpan(start, end - start);
                if (Problem(clip, out var bounds) is null)
                {
                    folder.Add(clip, bounds, speaker, word);
                    kept++;
                }
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {kept} clips"));
        }
    }

    private string Request() => clipClass switch
    {
        ClipClass.Keyword => $"say \"{word}\" now",
        ClipClass.Other => $"say anything but \"{word}\" now",
        _ => "be quiet now",
    };

    private string? Problem(ReadOnlySpan<short> samples, out SpeechBounds bounds)
    {
        bounds = default;
        return clipClass == ClipClass.Keyword ? ClipJudge.Problem(samples, out bounds)
            : samples.IndexOfAnyExcept((short)0) < 0 ? "the microphone gives nothing but zeros: is it muted, or the wrong device?" : null;
    }

    private static IEnumerable<(int Start, int End)> Pieces(short[] samples, int length)
    {
        for (var start = 0; start < samples.Length; start += length)
        {
            yield return (start, Math.Min(samples.Length, start + length));
        }
    }

    // Between the middles of the silences around them.
    private static IEnumerable<(int Start, int End)> Words(short[] samples)
    {
        var levels = samples.Chunk(FrameSamples).Select(static frame => frame.Max(static sample => Math.Abs((int)sample))).ToArray();
        var floor = levels.Length == 0 ? 0 : levels.Max() * 3 / 100;
        int? first = null;
        var (last, before) = (0, 0);
        for (var frame = 0; frame <= levels.Length; frame++)
        {
            var isLoud = frame < levels.Length && levels[frame] > floor;
            if (isLoud)
            {
                first ??= frame;
                last = frame;
            }
            else if (first is { } start && (frame == levels.Length || frame - last > GapFrames))
            {
                yield return (Math.Max(before, start - (GapFrames / 2)) * FrameSamples, Math.Min(samples.Length, (last + 1 + (GapFrames / 2)) * FrameSamples));
                (before, first) = (last + 1, null);
            }
        }
    }
}
