using System.Runtime.InteropServices;
using System.Text.Json;
using Fleet.Audio;
using Fleet.Audio.Keywords;
using Fleet.DeviceAgent.Diagnosis;
using Fleet.DeviceAgent.Keywords;
using Fleet.IntegrationTests.Agent.Capture;
using Fleet.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.IntegrationTests.Agent.Diagnosis;

/// <summary>What a person who sets a Pi up sees of the sound, with a microphone that says "listen" and a sentence.</summary>
public sealed class LiveCheckTests : IDisposable
{
    private readonly FakeArecord _arecord = new();
    private readonly KeywordOptions _options = new() { ModelFolders = [ShippedKeywordModels.Find("listen")] };
    private readonly KeywordModels _keywords;

    public LiveCheckTests() => _keywords = KeywordModels.Load(_options, TimeProvider.System, NullLogger.Instance);

    [Fact]
    public async Task Said_KeywordAndSentence_AreSeenInTheLinesAndInTheEnd()
    {
        var (result, lines) = await RunAsync(json: false, await KeywordThenSentenceAsync());

        result.Verdict.ShouldBe(Verdict.Ok, result.Detail);
        result.Detail.ShouldContain("1 times a keyword");
        result.Detail.ShouldContain("of speech in 8 s");
        lines.Length.ShouldBe(8);
        lines[0].ShouldMatch("""^   level +-\d+ dBFS [#.]{20}  speech [01]\.\d\d  "listen" [01]\.\d\d""");
        lines.ShouldContain(line => line.Contains("heard \"listen\"!", StringComparison.Ordinal));
        // After the sentence nobody speaks.
        lines[^1].ShouldContain("\"listen\" 0.0");
    }

    [Fact]
    public async Task Json_AnObjectASecond()
    {
        var (_, lines) = await RunAsync(json: true, await KeywordThenSentenceAsync());

        var looks = lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        // A look comes with the piece that completes its second.
        looks.Select(look => Math.Floor(look.GetProperty("seconds").GetDouble())).ShouldBe([1, 2, 3, 4, 5, 6, 7, 8]);
        looks.ShouldContain(look => look.GetProperty("scores").GetProperty("listen").GetDouble() > 0.8);
        looks.ShouldContain(look => look.GetProperty("heard").GetArrayLength() == 1);
        looks.ShouldContain(look => look.GetProperty("speech").GetDouble() > 0.9 && look.GetProperty("peak_dbfs").GetDouble() > -40);
    }

    [Fact]
    public async Task Nobody_Speaks_SaysWhatToDo()
    {
        var noise = new short[9 * 16_000];
        var random = new Random(4711);
        for (var i = 0; i < noise.Length; i++)
        {
            noise[i] = (short)random.Next(-30, 30);
        }

        var (result, _) = await RunAsync(json: false, noise);

        result.Verdict.ShouldBe(Verdict.Warning);
        result.Detail.ShouldContain("nobody was heard");
        result.Mend.ShouldContain("speak while this runs");
    }

    [Fact]
    public async Task Microphone_ThatGivesNothing_EndsTheLook()
    {
        _arecord.Install("exit 1");
        var options = _arecord.Options() with { HangTimeout = TimeSpan.FromSeconds(1) };

        var result = await new LiveCheck(options, _keywords, _options, null, TextWriter.Null, TimeProvider.System)
            .RunAsync(TimeSpan.FromMilliseconds(100), json: false, inPlace: false, CancellationToken.None);

        result.Verdict.ShouldBe(Verdict.No);
        result.Detail.ShouldContain("no sound came");
    }

    public void Dispose()
    {
        _keywords.Dispose();
        _arecord.Dispose();
    }

    private static async Task<short[]> KeywordThenSentenceAsync()
    {
        var folder = Path.Combine(RepositoryPaths.Root, "tests", "Fleet.IntegrationTests", "Agent", "Keywords");
        var keyword = await Task.Run(() => WavReader.ReadFile(Path.Combine(folder, "listen.wav")));
        var sentence = await Task.Run(() => WavReader.ReadFile(Path.Combine(RepositoryPaths.Samples, "call-the-person.wav")));
        return [.. new short[16_000], .. keyword.Samples.Span, .. sentence.Samples.Span, .. new short[9 * 16_000]];
    }

    private async Task<(CheckResult Result, string[] Lines)> RunAsync(bool json, short[] sound)
    {
        await File.WriteAllBytesAsync(_arecord.File("said.pcm"), MemoryMarshal.AsBytes<short>(sound).ToArray());
        // It goes on, as a microphone does.
        _arecord.Install("cat \"$DIR/said.pcm\"; exec sleep 60");
        var output = new StringWriter();
        var result = await new LiveCheck(_arecord.Options(), _keywords, _options, null, output, TimeProvider.System)
            .RunAsync(TimeSpan.FromSeconds(8), json, inPlace: false, CancellationToken.None);
        return (result, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
