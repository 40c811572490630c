using System.ComponentModel.DataAnnotations;
using Fleet.Audio;

namespace Fleet.UnitTests.Audio.Endpointing;

public sealed class EndpointerTests
{
    private const int Frame = 512;
    private const int PreRoll = 8_000;
    private const int Cap = 480_000;

    // 100 ms of speech and 800 ms of silence in frames of 32 ms.
    private const int StartFrames = 4;
    private const int EndFrames = 25;

    [Fact]
    public void Push_Speech_StartsHalfASecondBeforeItAndEndsAfterTheSilence()
    {
        var heard = Run(ScriptedVad.Script((40, 0), (30, 1), (60, 0)), 130 * Frame);

        heard.ShouldBe([new Heard((40 * Frame) - PreRoll, (70 + EndFrames) * Frame, EndpointReason.Silence)]);
    }

    [Fact]
    public void Push_SpeechAtOnce_StartsAtTheFirstSample() =>
        Run(ScriptedVad.Script((10, 1)), 60 * Frame).ShouldBe([new Heard(0, (10 + EndFrames) * Frame, EndpointReason.Silence)]);

    [Theory]
    [InlineData(StartFrames - 1, 0)]
    [InlineData(StartFrames, 1)]
    public void Push_SpeechAroundTheMinimum_StartsFromTheMinimumOn(int frames, int utterances) =>
        Run(ScriptedVad.Script((20, 0), (frames, 1), (100, 0)), 130 * Frame).Count.ShouldBe(utterances);

    [Fact]
    public void Push_WordWithAClosedConsonant_CountsAsOnePieceOfSpeech() =>
        Run(ScriptedVad.Script((20, 0), (4, 1), (4, 0), (4, 1), (100, 0)), 140 * Frame)
            .ShouldBe([new Heard((20 * Frame) - PreRoll, (32 + EndFrames) * Frame, EndpointReason.Silence)]);

    [Fact]
    public void Push_ClicksFarApart_StartNothing() =>
        Run(ScriptedVad.Script((20, 0), (2, 1), (10, 0), (2, 1), (10, 0), (2, 1), (10, 0), (2, 1)), 100 * Frame).ShouldBeEmpty();

    [Fact]
    public void Push_ProbabilityBetweenTheThresholds_KeepsTheLastDecision()
    {
        // Speech that fades to 0.4 goes on; silence that rises to 0.4 goes on, too.
        var heard = Run(ScriptedVad.Script((20, 0.4f), (10, 1), (40, 0.4f), (5, 0.1f), (60, 0.4f)), 140 * Frame);

        heard.ShouldBe([new Heard((20 * Frame) - PreRoll, (70 + EndFrames) * Frame, EndpointReason.Silence)]);
    }

    [Fact]
    public void Push_NextUtteranceSoonAfterTheLast_RepeatsNothing()
    {
        var heard = Run(ScriptedVad.Script((10, 1), (EndFrames + 3, 0), (10, 1), (60, 0)), 120 * Frame);

        heard.Count.ShouldBe(2);
        heard[1].First.ShouldBe(heard[0].End);
    }

    [Fact]
    public void Push_SpeechWithoutEnd_IsCutAtTheCapWithoutLossOrOverlap()
    {
        var length = (70 * 16_000) + 123;
        var heard = Run(Enumerable.Repeat(1f, (length / Frame) + 1).ToArray(), length);

        heard.ShouldBe([
            new Heard(0, Cap, EndpointReason.MaxLength),
            new Heard(Cap, 2 * Cap, EndpointReason.MaxLength),
            new Heard(2 * Cap, length, EndpointReason.SourceEnded)]);
    }

    [Fact]
    public void Push_ShortPauseJustBeforeTheCap_IsWhereTheUtteranceIsCut()
    {
        // Pauses of 224 ms after 10 s and after 27 s: only the second is near the cap of 30 s.
        var heard = Run(ScriptedVad.Script((312, 1), (7, 0), (525, 1), (8, 0), (200, 1), (60, 0)), 1_112 * Frame);

        heard.Select(static h => h.Reason).ShouldBe([EndpointReason.Silence, EndpointReason.Silence]);
        heard[0].End.ShouldBe((844 + 7) * Frame);
        heard[1].ShouldBe(new Heard(heard[0].End, (1_052 + EndFrames) * Frame, EndpointReason.Silence));
    }

    [Fact]
    public void Push_OneShortWordAfterTheCap_IsKept()
    {
        // 400 ms pause, then 2 frames of speech: too short to start an utterance, but the end of this one.
        var heard = Run(ScriptedVad.Script((900, 1), (12, 0), (2, 1), (60, 0)), 974 * Frame);

        heard.Count.ShouldBe(2);
        heard[1].ShouldBe(new Heard(heard[0].End, (914 + EndFrames) * Frame, EndpointReason.Silence));
    }

    [Fact]
    public void Push_SilenceAfterTheCap_MakesNoUtteranceOfSilence() =>
        Run(ScriptedVad.Script((937, 1), (1, 0.2f), (200, 0)), 1_138 * Frame).ShouldBe([new Heard(0, Cap, EndpointReason.MaxLength)]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    public void EndOfSource_WhileSpeaking_EndsExactlyAtTheLastSample(int rest)
    {
        var length = (30 * Frame) + rest;

        Run(Enumerable.Repeat(1f, 31).ToArray(), length).ShouldBe([new Heard(0, length, EndpointReason.SourceEnded)]);
    }

    [Fact]
    public void EndOfSource_SpeechJustBegun_IsKept() =>
        Run(ScriptedVad.Script((40, 0), (2, 1)), 42 * Frame).ShouldBe([new Heard((40 * Frame) - PreRoll, 42 * Frame, EndpointReason.SourceEnded)]);

    [Fact]
    public void EndOfSource_Silence_IsNoUtterance() => Run(ScriptedVad.Script((3, 1), (50, 0)), (53 * Frame) + 9).ShouldBeEmpty();

    [Fact]
    public void EndOfSource_ThenANewSource_StartsAfreshWithoutOldPreRoll()
    {
        var vad = new ScriptedVad(ScriptedVad.Script((20, 0), (10, 1), (1, 1), (20, 1)));
        var sink = new RecordingSink();
        var sut = new Endpointer(new EndpointerOptions(), vad, sink);
        var stream = RecordingSink.Stream(60 * Frame);
        sut.Push(stream.AsSpan(0, (30 * Frame) + 100));

        sut.EndOfSource();
        sut.Push(stream.AsSpan((30 * Frame) + 100, 20 * Frame));
        sut.EndOfSource();

        vad.Resets.ShouldBe(2);
        sink.Utterances.ShouldBe([
            new Heard((20 * Frame) - PreRoll, (30 * Frame) + 100, EndpointReason.SourceEnded),
            new Heard((30 * Frame) + 100, (50 * Frame) + 100, EndpointReason.SourceEnded)]);
    }

    [Fact]
    public void Flush_InMidFrame_EndsThereAndSpeechThatGoesOnFollowsWithoutOverlap()
    {
        var sink = new RecordingSink();
        var sut = new Endpointer(new EndpointerOptions(), new ScriptedVad(Enumerable.Repeat(1f, 100).ToArray()), sink);
        var stream = RecordingSink.Stream(100 * Frame);

        sut.Push(stream.AsSpan(0, (20 * Frame) + 77));
        sut.Flush(EndpointReason.Stopped);
        sut.Flush(EndpointReason.Stopped);
        sut.InUtterance.ShouldBeFalse();
        sut.Push(stream.AsSpan((20 * Frame) + 77));
        sut.EndOfSource();

        sink.Utterances.ShouldBe([
            new Heard(0, (20 * Frame) + 77, EndpointReason.Stopped),
            new Heard((20 * Frame) + 77, 100 * Frame, EndpointReason.SourceEnded)]);
    }

    [Fact]
    public void Push_RandomSpeechInRandomChunks_GivesTheSameUtterancesAndLosesNoSpeech()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var options = new EndpointerOptions { MaxUtterance = TimeSpan.FromSeconds(random.Next(3, 12)) };
            var script = RandomScript(random);
            var length = (script.Length * Frame) - random.Next(Frame);

            var whole = Run(script, length, options);
            var chunked = Run(script, length, options, random);

            chunked.ShouldBe(whole, $"seed {seed}");
            whole.ShouldAllBe(utterance => utterance.End > utterance.First && utterance.End - utterance.First <= options.MaxUtterance.TotalSeconds * 16_000);
            foreach (var (first, end) in SpeechRuns(script, length))
            {
                Covered(whole, first, end).ShouldBeTrue($"seed {seed}: speech from {first} to {end} is not in {string.Join(", ", whole)}");
            }
        }
    }

    [Fact]
    public void Push_AfterTheStart_AllocatesNothing()
    {
        // The runtime allocates on our thread when code runs for the first time: the first stream is for that.
        _ = AllocatedByAStream();

        AllocatedByAStream().ShouldBe(0);

        static long AllocatedByAStream()
        {
            var sut = new Endpointer(new EndpointerOptions(), new ScriptedVad(ScriptedVad.Script((50, 0), (100, 1), (50, 0), (3_000, 1))), new SilentSink());
            var chunk = new short[1_600];
            sut.Push(chunk);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 900; i++)
            {
                sut.Push(chunk);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Options_Defaults_AreValid() => Errors(new EndpointerOptions()).ShouldBeEmpty();

    [Fact]
    public void Options_ThatContradictEachOther_AreRefused()
    {
        Errors(new EndpointerOptions { SilenceThreshold = 0.6 }).Single().ShouldContain("SilenceThreshold");
        Errors(new EndpointerOptions { PreRoll = TimeSpan.FromSeconds(4), MaxUtterance = TimeSpan.FromSeconds(4) }).Single().ShouldContain("MaxUtterance");
    }

    private static List<Heard> Run(float[] script, int length, EndpointerOptions? options = null, Random? chunks = null)
    {
        var sink = new RecordingSink();
        var sut = new Endpointer(options ?? new EndpointerOptions(), new ScriptedVad(script), sink);
        var stream = RecordingSink.Stream(length);
        for (var at = 0; at < length;)
        {
            var count = chunks is null ? length : Math.Min(length - at, chunks.Next(1, 2_000));
            sut.Push(stream.AsSpan(at, count));
            at += count;
        }

        sut.EndOfSource();
        sut.Position.ShouldBe(length);
        return sink.Utterances;
    }

    private static float[] RandomScript(Random random)
    {
        var runs = Enumerable.Range(0, random.Next(1, 30)).Select(i => (random.Next(1, i % 2 == 0 ? 80 : 300), i % 2 == 0 ? 0f : 1f));
        return ScriptedVad.Script([.. runs]);
    }

    /// <summary>Where the script has speech that is long enough to count, or runs into the end of the source.</summary>
    private static IEnumerable<(long First, long End)> SpeechRuns(float[] script, int length)
    {
        for (var first = 0; first < script.Length;)
        {
            var end = first;
            while (end < script.Length && script[end] == script[first])
            {
                end++;
            }

            if (script[first] == 1 && (end - first >= StartFrames || end == script.Length))
            {
                yield return ((long)first * Frame, Math.Min((long)end * Frame, length));
            }

            first = end;
        }
    }

    private static bool Covered(List<Heard> utterances, long first, long end)
    {
        foreach (var utterance in utterances.Where(utterance => utterance.First <= first && utterance.End > first))
        {
            first = Math.Min(end, utterance.End);
        }

        return first == end || utterances.Exists(utterance => utterance.First <= first && utterance.End >= end);
    }

    private static List<string> Errors(EndpointerOptions options)
    {
        var results = new List<ValidationResult>();
        _ = Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return [.. results.Select(static result => result.ErrorMessage ?? "")];
    }

    private sealed class SilentSink : IUtteranceSink
    {
        public void OnStart(long firstSample)
        {
        }

        public void OnAudio(ReadOnlySpan<short> pcm16k)
        {
        }

        public void OnEnd(EndpointReason reason)
        {
        }
    }
}
