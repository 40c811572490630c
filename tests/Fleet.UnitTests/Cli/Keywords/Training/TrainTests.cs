using System.Text.Json;
using Fleet.Audio.Keywords;
using Fleet.Cli.Keywords;
using Fleet.Cli.Keywords.Sounds;

namespace Fleet.UnitTests.Cli.Keywords.Training;

/// <summary>`keyword train` and `keyword eval` as one types them, with melodies for words: small enough for seconds, and nobody's voice.</summary>
public sealed class TrainTests : IDisposable
{
    private const int RateHz = Wave16.RateHz;

    private static readonly double[] _keyword = [440, 880, 660];

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-train-").FullName;
    private readonly Random _random = new(3);

    public TrainTests()
    {
        Melodies("said", 24, () => _keyword);
        Melodies("talk", 24, () => [200 + (_random.NextDouble() * 300), 300 + (_random.NextDouble() * 100), 1000 + (_random.NextDouble() * 500)]);
        Melodies("test-said", 6, () => _keyword);
        Melodies("test-talk", 6, () => [300, 250, 1_200 + (_random.NextDouble() * 200)]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task TrainThenEval_HearsTheWord_AndTheSameAgainIsTheSameModel()
    {
        var (status, output, errors) = await RunAsync(Train("model"));
        status.ShouldBe(0, errors);
        output.ShouldContain("The model is in ");

        var model = KeywordModelFolder.Read(PathOf("model")).Description;
        model.KeywordLabels.ShouldBe(["melody"]);
        (model.Threshold, model.Licence).ShouldBe((0.85, "CC0-1.0"));
        (await File.ReadAllTextAsync(PathOf("model", "report.md"))).ShouldContain("working point");
        (await File.ReadAllTextAsync(PathOf("model", "roc.svg"))).ShouldStartWith("<svg");

        (status, output, errors) = await RunAsync(
            ["eval", "--json", "--model", PathOf("model"), "--positives", PathOf("test-said", "clips.tsv"), "--negatives", PathOf("test-talk", "clips.tsv")]);
        status.ShouldBe(0, errors);
        var result = JsonDocument.Parse(output).RootElement;
        result.GetProperty("positives").GetInt32().ShouldBe(6);
        result.GetProperty("operating_points")[2].GetProperty("missed").GetInt32().ShouldBeLessThanOrEqualTo(2);
        result.GetProperty("cpu_ms_per_audio_second").GetDouble().ShouldBeGreaterThan(0);

        (status, output, errors) = await RunAsync(Train("again"));
        status.ShouldBe(0, errors);
        (await File.ReadAllBytesAsync(PathOf("again", "keyword.onnx"))).ShouldBe(await File.ReadAllBytesAsync(PathOf("model", "keyword.onnx")));
    }

    [Fact]
    public async Task Train_NothingToLearnFrom_SaysWhatIsMissing()
    {
        var (status, _, errors) = await RunAsync(["train", "--word", "melody", "--positives", PathOf("nowhere"), "--negatives", PathOf("talk"), "--out", PathOf("model")]);

        status.ShouldBe(1);
        errors.ShouldContain($"There is no folder '{PathOf("nowhere")}'.");
    }

    [Fact]
    public async Task Eval_TableOfNothing_SaysWhatItNeeds()
    {
        await File.WriteAllTextAsync(PathOf("empty.tsv"), "file\tkind\n");

        var (status, _, errors) = await RunAsync(["eval", "--positives", PathOf("test-said", "clips.tsv"), "--negatives", PathOf("empty.tsv")]);

        status.ShouldBe(1);
        errors.ShouldContain("name at least one recording with the keyword and one without");
    }

    private string[] Train(string to) =>
    [
        "train", "--word", "melody", "--positives", PathOf("said"), "--negatives", PathOf("talk"), "--out", PathOf(to), "--cache", PathOf("cache"), "--heads", "1",
        "--passes", "1", "--rounds", "1", "--steps", "150", "--validation-percent", "25", "--licence", "CC0-1.0",
    ];

    private static async Task<(int Status, string Output, string Errors)> RunAsync(string[] arguments)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var status = await KeywordCommand.Create(TimeProvider.System).Parse(arguments).InvokeAsync(new() { Output = output, Error = errors });
        return (status, output.ToString(), errors.ToString());
    }

    private string PathOf(params string[] names) => Path.Combine([_folder, .. names]);

    private void Melodies(string folder, int count, Func<double[]> tones)
    {
        Directory.CreateDirectory(PathOf(folder));
        var table = new List<string> { "file\tkind\tstart_s\tend_s" };
        for (var i = 0; i < count; i++)
        {
            Wave16.Write(PathOf(folder, $"{i}.wav"), Melody(tones()));
            table.Add($"{i}.wav\tflute\t0.3\t0.75");
        }

        File.WriteAllLines(PathOf(folder, "clips.tsv"), table);
    }

    // 0.3 s of silence, three tones of 0.15 s, 0.3 s of silence.
    private short[] Melody(double[] tones)
    {
        var samples = new short[RateHz * 105 / 100];
        var gain = 3_000 + (_random.NextDouble() * 9_000);
        for (var i = 0; i < RateHz * 45 / 100; i++)
        {
            samples[(RateHz * 3 / 10) + i] = (short)(gain * Math.Sin(2 * Math.PI * tones[i / (RateHz * 15 / 100)] * i / RateHz));
        }

        return samples;
    }
}
