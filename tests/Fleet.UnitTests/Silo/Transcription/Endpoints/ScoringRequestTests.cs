using Fleet.Silo.Transcription;

namespace Fleet.UnitTests.Silo.Transcription.Endpoints;

public sealed class ScoringRequestTests
{
    private static readonly Guid _id = new("01a00000-0000-7000-8000-000000000001");
    private static readonly byte[] _pcm = [0x00, 0x40, 0x00, 0xC0, 0x00, 0x80];

    [Fact]
    public async Task Single_IsTheTutorialsBody() => (await WriteAsync(ScoringFormat.Single, 1)).ShouldBe("""{"data":[0.5,-0.5,-1]}""");

    [Fact]
    public async Task List_IsAListOfThem() => (await WriteAsync(ScoringFormat.List, 2)).ShouldBe("""{"data":[[0.5,-0.5,-1],[0.5,-0.5,-1]]}""");

    [Fact]
    public async Task Batch_HasIdRateAndBase64() => (await WriteAsync(ScoringFormat.Batch, 1)).ShouldBe(
        $$"""{"inputs":[{"id":"{{_id}}","sample_rate":16000,"audio":"AEAAwACA"}]}""");

    [Fact]
    public void Batch_OfSpeech_IsASeventhOfTheTutorialsBody()
    {
        // What the tutorial sends for a second: numbers such as -0.00042724609375, with the comma and the space of Python's json.
        var pcm = new byte[32_000];
        new Random(4711).NextBytes(pcm);
        var tutorial = Enumerable.Range(0, 16_000).Sum(i => (long)$"{BitConverter.ToInt16(pcm, 2 * i) / 32768.0:R}, ".Length);

        var ours = ScoringRequest.Write(ScoringFormat.Batch, [new ScoreInput(_id, pcm)]).Headers.ContentLength.ShouldNotBeNull();

        ((double)tutorial / ours).ShouldBeGreaterThan(6.5);
    }

    private static Task<string> WriteAsync(ScoringFormat format, int count) =>
        ScoringRequest.Write(format, [.. Enumerable.Repeat(new ScoreInput(_id, _pcm), count)]).ReadAsStringAsync();
}
