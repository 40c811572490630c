using System.Globalization;
using Fleet.Audio;

namespace Fleet.Benchmarks.Endpointing;

/// <summary>
/// What endpointing costs in words: word errors of PocketSphinx on whole recordings against those on the utterances that the endpointer
/// cuts from them, with the real detector and the default options.
/// </summary>
internal static class EndpointingCommand
{
    public const string Usage =
        """
              --set NAME          only the clips whose column `set` is NAME (repeatable)
              --min-words N       only clips with at least N words
              --gain DB           louder or softer
              --snr DB            with white noise, so many decibels below the clip
              --rate HZ           the clip as a recording of this rate (made with ffmpeg), stereo when
                                  it is 44100 or 48000
              --join N            N clips in one recording, with pauses of 0.3 to 3 s between them
              --speech P --silence P --start MS --end MS --pre-roll MS
                                  options of the endpointer
              --detector NAME     silero (default) or energy
              --cache FILE        keeps decoded texts between runs
              --list              one line a clip
        """;

    public static int Run(string[] args)
    {
        var arguments = Arguments.Parse(args);
        var options = new EndpointerOptions();
        options.SpeechThreshold = arguments.Number("--speech") ?? options.SpeechThreshold;
        options.SilenceThreshold = arguments.Number("--silence") ?? options.SilenceThreshold;
        options.StartAfterSpeech = arguments.Milliseconds("--start") ?? options.StartAfterSpeech;
        options.EndAfterSilence = arguments.Milliseconds("--end") ?? options.EndAfterSilence;
        options.PreRoll = arguments.Milliseconds("--pre-roll") ?? options.PreRoll;

        var clips = ClipSet.Load(arguments);
        using var vad = Detector.Load(arguments);
        using var decoder = new CachingDecoder(arguments.Text("--cache"));
        var total = new Tally();
        var bySet = new SortedDictionary<string, Tally>(StringComparer.Ordinal);
        foreach (var clip in clips)
        {
            var utterances = Utterances.Of(clip.Samples.Span, options, vad);
            var result = new ClipResult(clip, utterances, decoder);
            total.Add(result);
            if (!bySet.TryGetValue(clip.Set, out var tally))
            {
                bySet[clip.Set] = tally = new Tally();
            }

            tally.Add(result);
            if (arguments.Has("--list"))
            {
                Console.WriteLine(result.ToString());
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"set",-8} {Tally.Header}"));
        foreach (var (name, tally) in bySet)
        {
            Console.WriteLine($"{name,-8} {tally}");
        }

        Console.WriteLine($"{"all",-8} {total}");
        return 0;
    }
}
