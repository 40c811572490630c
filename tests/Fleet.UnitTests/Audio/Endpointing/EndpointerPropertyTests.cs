using Fleet.Audio;

namespace Fleet.UnitTests.Audio.Endpointing;

/// <summary>
/// What holds whatever the detector says and whoever interrupts: each sample is delivered once or passed over, in order, and the chunks in which
/// sound comes change nothing. Seeded: what fails names its seed.
/// </summary>
public sealed class EndpointerPropertyTests
{
    private const int Frame = 512;
    private const int Seeds = 150;

    [Fact]
    public void Push_AnythingWithFlushesAndNewSources_DeliversEachSampleOnceOrPassesItOver()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var plan = Plan.Random(seed);

            var utterances = Run(plan, chunks: null);

            // The sink checks each sample and the order; here: nothing overlaps, and what lies between is the rest of the stream.
            var at = 0L;
            var delivered = 0L;
            var passedOver = 0L;
            foreach (var utterance in utterances)
            {
                utterance.First.ShouldBeGreaterThanOrEqualTo(at, $"seed {seed}");
                utterance.End.ShouldBeGreaterThan(utterance.First, $"seed {seed}");
                (utterance.End - utterance.First).ShouldBeLessThanOrEqualTo(plan.MaxSamples, $"seed {seed}");
                passedOver += utterance.First - at;
                delivered += utterance.End - utterance.First;
                at = utterance.End;
            }

            (delivered + passedOver + (plan.Length - at)).ShouldBe(plan.Length, $"seed {seed}");
            at.ShouldBeLessThanOrEqualTo(plan.Length, $"seed {seed}");
        }
    }

    [Fact]
    public void Push_InChunksOfAnySize_MakesTheSameUtterances()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var plan = Plan.Random(seed);

            Run(plan, new Random(seed)).ShouldBe(Run(plan, chunks: null), $"seed {seed}");
        }
    }

    [Fact]
    public void Push_SpeechWithoutEnd_IsDeliveredWholeWhateverTheFlushes()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var plan = Plan.Random(seed) with { Probabilities = [1] };

            var utterances = Run(plan, new Random(seed));

            utterances.Sum(utterance => utterance.End - utterance.First).ShouldBe(plan.Length, $"seed {seed}: {string.Join(", ", utterances)}");
        }
    }

    private static List<Heard> Run(Plan plan, Random? chunks)
    {
        var sink = new RecordingSink();
        var sut = new Endpointer(plan.Options, new EndlessVad(plan.Probabilities), sink);
        var stream = RecordingSink.Stream(plan.Length);
        var at = 0;
        foreach (var (position, isNewSource) in plan.Interruptions.Append((plan.Length, true)))
        {
            while (at < position)
            {
                var count = Math.Min(position - at, chunks?.Next(1, 3_000) ?? position);
                sut.Push(stream.AsSpan(at, count));
                at += count;
            }

            if (isNewSource)
            {
                sut.EndOfSource();
            }
            else
            {
                sut.Flush(EndpointReason.Stopped);
            }
        }

        sut.Position.ShouldBe(plan.Length);
        sut.InUtterance.ShouldBeFalse();
        return sink.Utterances;
    }

    private sealed record Plan(EndpointerOptions Options, float[] Probabilities, int Length, IReadOnlyList<(int Position, bool IsNewSource)> Interruptions)
    {
        public long MaxSamples => (long)(Options.MaxUtterance.TotalSeconds * 16_000);

        public static Plan Random(int seed)
        {
            var random = new Random(seed);
            var length = random.Next(1, 30 * 16_000);
            var options = new EndpointerOptions
            {
                PreRoll = TimeSpan.FromMilliseconds(random.Next(0, 900)),
                StartAfterSpeech = TimeSpan.FromMilliseconds(random.Next(32, 400)),
                EndAfterSilence = TimeSpan.FromMilliseconds(random.Next(100, 1_500)),
                MaxUtterance = TimeSpan.FromMilliseconds(random.Next(1_500, 9_000)),
                ShortPause = TimeSpan.FromMilliseconds(random.Next(32, 400)),
                ShortPauseWindow = TimeSpan.FromMilliseconds(random.Next(0, 3_000)),
            };
            var interruptions = Enumerable.Range(0, random.Next(0, 5))
                .Select(_ => (Position: random.Next(1, length + 1), IsNewSource: random.Next(2) == 0)).OrderBy(static item => item.Position).ToList();
            return new Plan(options, Script(random), length, interruptions);
        }

        // Runs of speech, silence and doubt, of one frame to seconds.
        private static float[] Script(Random random)
        {
            var script = new List<float>();
            while (script.Count < 1_200)
            {
                var level = random.Next(4) switch { 0 => 1f, 1 => 0f, 2 => 0.42f, _ => random.NextSingle() };
                script.AddRange(Enumerable.Repeat(level, 1 + (int)(Math.Pow(random.NextDouble(), 3) * 200)));
            }

            return [.. script];
        }
    }

    private sealed class EndlessVad(float[] probabilities) : IVadStream
    {
        private int _frame;

        public float Push(ReadOnlySpan<short> frame512)
        {
            frame512.Length.ShouldBe(Frame);
            return probabilities[_frame++ % probabilities.Length];
        }

        public void Reset()
        {
        }

        public void Dispose()
        {
        }
    }
}
