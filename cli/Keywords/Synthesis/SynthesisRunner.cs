using System.Globalization;
using Fleet.Cli.Keywords.Sounds;

namespace Fleet.Cli.Keywords.Synthesis;

/// <summary>Has the voices say what is planned, a bounded number of programs at a time; what is there from an earlier run stays.</summary>
internal sealed class SynthesisRunner(SynthesisOptions options, IReadOnlyList<IVoiceEngine> engines, ProgressLine progress)
{
    // A synthesiser starts once for so many texts.
    private const int BatchSize = 40;

    // Kept before and after the speech.
    private const int MarginSamples = Wave16.RateHz / 20;

    /// <exception cref="IOException">Something is missing; the message says what to install.</exception>
    public async Task RunAsync(Action<string> say, CancellationToken cancellationToken)
    {
        var dictionary = PronouncingDictionary.Load(options.Dictionary);
        var near = new NearWords(dictionary).Find(options.Word, options.NearWords);
        var homes = new Dictionary<Voice, IVoiceEngine>();
        foreach (var engine in engines)
        {
            var found = await engine.FindVoicesAsync(cancellationToken);
            if (found.Count == 0)
            {
                say($"No voice of this kind is installed; for more voices: apt-get install {engine.Packages}");
            }

            foreach (var voice in found.Where(voice => IsWanted(voice)))
            {
                homes.Add(voice, engine);
            }
        }

        if (homes.Count == 0)
        {
            throw new IOException($"There is no voice to speak with. apt-get install {string.Join(' ', engines.Select(engine => engine.Packages))}, or see --voices and --without.");
        }

        var kinds = homes.Keys.CountBy(voice => voice.Kind).ToDictionary();
        say($"Voices: {kinds.GetValueOrDefault(VoiceKind.Natural)} natural, {kinds.GetValueOrDefault(VoiceKind.Accented)} with an accent, {kinds.GetValueOrDefault(VoiceKind.Formant)} by rule.");
        say($"Nearest words: {string.Join(", ", near.Take(12).Select(word => word.Text))}.");
        var plan = SynthesisPlan.Create(options, dictionary, near, [.. homes.Keys]);
        await SpeakAsync(plan, homes, cancellationToken);
        WriteTables(plan, near, say);
    }

    private bool IsWanted(Voice voice) =>
        (options.Voices.Count == 0 || options.Voices.Any(voice.Matches)) && !options.Without.Any(voice.Matches);

    private string PathOf(SpokenText text) => Path.Combine(options.Out, text.File + ".wav");

    // The length of the keyword in a sentence is told by the keyword alone, in the same voice.
    private string LengthPathOf(SpokenText text) => Path.Combine(options.Out, text.File + ".length");

    private async Task SpeakAsync(IReadOnlyList<SpokenText> plan, Dictionary<Voice, IVoiceEngine> homes, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(options.Out, "positives"));
        Directory.CreateDirectory(Path.Combine(options.Out, "negatives"));
        var todo = plan.Where(text => !File.Exists(PathOf(text))).ToList();
        progress.Begin("speaking", plan.Count, plan.Count - todo.Count);
        var batches = todo.GroupBy(text => homes[text.Voice]).SelectMany(group => group.Chunk(BatchSize).Select(texts => (Engine: group.Key, Texts: texts))).ToList();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallel, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(batches, parallel, async (batch, token) =>
        {
            var folder = Directory.CreateTempSubdirectory("fleet-voices-");
            try
            {
                var work = batch.Texts.Select((text, i) => (Text: text, Path: Path.Combine(folder.FullName, $"{i}.wav"))).ToList();
                var words = work.Where(one => one.Text.Kind == TextKind.Flow)
                    .Select(one => (Text: one.Text with { Text = options.Word }, Path: one.Path + ".word.wav"));
                await batch.Engine.SpeakAsync([.. work, .. words], token);
                foreach (var (text, path) in work)
                {
                    Keep(text, path);
                }
            }
            finally
            {
                folder.Delete(recursive: true);
            }

            progress.Add(batch.Texts.Length);
        });
        progress.End();
    }

    private void Keep(SpokenText text, string path)
    {
        if (!File.Exists(path) || SoundFolder.TryRead(path, _ => { }) is not { } samples || SpeechBounds.Find(samples) is not { } bounds)
        {
            return;
        }

        if (text.Kind == TextKind.Flow)
        {
            if (!File.Exists(path + ".word.wav") || SoundFolder.TryRead(path + ".word.wav", _ => { }) is not { } word || SpeechBounds.Find(word) is not { } length)
            {
                return;
            }

            File.WriteAllText(LengthPathOf(text), length.Length.ToString(CultureInfo.InvariantCulture));
        }

        var (from, to) = (Math.Max(0, bounds.Start - MarginSamples), Math.Min(samples.Length, bounds.End + MarginSamples));
        Wave16.Write(PathOf(text), samples.AsSpan(from, to - from));
    }

    private void WriteTables(IReadOnlyList<SpokenText> plan, IReadOnlyList<NearWord> near, Action<string> say)
    {
        // At the end of a word alone speakers take more time than within a sentence.
        const double InSentence = 0.85;
        var positives = new List<string> { "file\tkind\tstart_s\tend_s\ttext\tcontext\tsource_package\tlicence" };
        var negatives = new List<string> { "file\tduration_s\tkind\ttext\tsource_package\tlicence" };
        var missing = 0;
        foreach (var text in plan)
        {
            if (!File.Exists(PathOf(text)) || SpeechBounds.Find(Wave16.Read(PathOf(text))) is not { } bounds)
            {
                missing++;
                continue;
            }

            var kind = $"tts {text.Voice.Id}";
            if (text.Kind is TextKind.Keyword or TextKind.Flow)
            {
                var end = text.Kind == TextKind.Flow
                    ? bounds.Start + (InSentence * int.Parse(File.ReadAllText(LengthPathOf(text)), CultureInfo.InvariantCulture))
                    : bounds.End;
                positives.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{text.File}.wav\t{kind}\t{(double)bounds.Start / Wave16.RateHz:0.000}\t{end / Wave16.RateHz:0.000}\t{options.Word}\t{(text.Kind == TextKind.Flow ? "in flow" : "isolated")}\t{text.Voice.Engine}\tgenerated"));
            }
            else
            {
                negatives.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{text.File}.wav\t{Wave16.DurationOf(PathOf(text)).TotalSeconds:0.000}\t{text.Kind.ToString().ToLowerInvariant()}, {kind}\t{text.Text}\t{text.Voice.Engine}\tgenerated"));
            }
        }

        File.WriteAllLines(Path.Combine(options.Out, "positives.tsv"), positives);
        File.WriteAllLines(Path.Combine(options.Out, "negatives.tsv"), negatives);
        File.WriteAllLines(
            Path.Combine(options.Out, "near-words.tsv"),
            near.Select(word => string.Create(CultureInfo.InvariantCulture, $"{word.Text}\t{word.Distance:0.00}")).Prepend("text\tdistance"));
        say($"{positives.Count - 1} clips of \"{options.Word}\" and {negatives.Count - 1} of other talk are in {options.Out}"
            + (missing > 0 ? $"; {missing} could not be spoken." : "."));
    }
}
