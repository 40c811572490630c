using Fleet.Cli.Keywords.Recording;
using Fleet.Cli.Keywords.Sounds;
using Fleet.Cli.Keywords.Training;

namespace Fleet.UnitTests.Cli.Keywords.Recording;

public sealed class ClipRecorderTests : IDisposable
{
    private const int RateHz = Wave16.RateHz;

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-clips-").FullName;
    private readonly StringWriter _output = new();

    public void Dispose()
    {
        _output.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Record_ClipsOfNoUse_AreAskedForAgainWithTheReason()
    {
        var takes = new Queue<short[]>([Word(0.8, 0.4), new short[2 * RateHz], Word(0.8, 0.4, level: 500), Word(0.8, 0.4, level: 60_000), Word(1.7, 0.4), Word(0.5, 0.6)]);
        var sut = Create(ClipClass.Keyword);

        await sut.RecordAsync(2, () => Task.FromResult(takes.Dequeue()), CancellationToken.None);

        _output.ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            "1 of 2: say \"listen\" now", "ok positives/anna-00001.wav",
            "2 of 2: say \"listen\" now", "once more: the microphone gives nothing but zeros: is it muted, or the wrong device?.",
            "2 of 2: say \"listen\" now", "once more: nothing was heard: speak louder, or nearer.",
            "2 of 2: say \"listen\" now", "once more: it is too loud: step back, or lower the gain.",
            "2 of 2: say \"listen\" now", "once more: the word is cut off, or there is noise around it: wait for the mark, then say it at once, in a quiet moment.",
            "2 of 2: say \"listen\" now", "ok positives/anna-00002.wav",
        ]);
        var bounds = Tables.BoundsNear(Path.Combine(_folder, "positives")).OrderBy(one => one.Key).Select(one => one.Value).ToList();
        bounds.Count.ShouldBe(2);
        (bounds[0].ShouldNotBeNull().Start / (double)RateHz).ShouldBe(0.8, 0.02);
        (bounds[1].ShouldNotBeNull().End / (double)RateHz).ShouldBe(1.1, 0.02);
    }

    [Fact]
    public async Task Record_DeadMicrophone_EndsWithTheReason()
    {
        var failure = await Should.ThrowAsync<IOException>(
            () => Create(ClipClass.Keyword).RecordAsync(5, () => Task.FromResult(new short[RateHz]), CancellationToken.None));

        failure.Message.ShouldStartWith("10 clips in a row were of no use");
    }

    [Fact]
    public void Cut_RecordingOfSeveralWords_IsAClipEach()
    {
        var recording = Path.Combine(_folder, "recording.wav");
        Wave16.Write(recording, [.. Word(1, 0.4), .. Word(0.7, 0.5), .. Word(0.6, 0.3)]);

        Create(ClipClass.Keyword).Cut([recording], 2);

        Directory.GetFiles(Path.Combine(_folder, "positives")).Length.ShouldBe(3);
        File.ReadAllLines(Path.Combine(_folder, "positives.tsv")).Length.ShouldBe(4);
    }

    [Fact]
    public void Cut_Noise_IsPiecesWhichTrainTakesForNoise()
    {
        var recording = Path.Combine(_folder, "recording.wav");
        Wave16.Write(recording, [.. Enumerable.Range(0, 5 * RateHz).Select(static i => (short)(i % 7))]);

        Create(ClipClass.Noise).Cut([recording], 2);

        Directory.GetFiles(Path.Combine(_folder, "negatives", "noise")).Length.ShouldBe(3);
    }

    private ClipRecorder Create(ClipClass clipClass) => new(new ClipFolder(_folder, clipClass), clipClass, "listen", "anna", _output);

    // Two seconds with a tone of so many seconds in them.
    private static short[] Word(double start, double length, double level = 8_000)
    {
        var samples = new short[2 * RateHz];
        samples[0] = 1;
        for (var i = (int)(start * RateHz); i < Math.Min(samples.Length, (start + length) * RateHz); i++)
        {
            samples[i] = (short)Math.Clamp(level * Math.Sin(i * 0.2), short.MinValue, short.MaxValue);
        }

        return samples;
    }
}
