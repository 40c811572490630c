using System.IO.Compression;
using System.Text;
using Fleet.Silo.Transcription;
using Fleet.Testing;

namespace Fleet.UnitTests.Silo.Transcription.Endpoints;

public sealed class ScoringRequestTests
{
    private static readonly Guid _id = new("01a00000-0000-7000-8000-000000000001");
    private static readonly byte[] _pcm = [0x00, 0x40, 0x00, 0xC0, 0x00, 0x80];

    [Fact]
    public void Single_IsTheTutorialsBody() => Write(ScoringFormat.Single, 1).ShouldBe("""{"data":[0.5,-0.5,-1]}""");

    [Fact]
    public void List_IsAListOfThem() => Write(ScoringFormat.List, 2).ShouldBe("""{"data":[[0.5,-0.5,-1],[0.5,-0.5,-1]]}""");

    [Fact]
    public void Batch_HasIdRateAndBase64() => Write(ScoringFormat.Batch, 1).ShouldBe(
        $$"""{"inputs":[{"id":"{{_id}}","sample_rate":16000,"audio":"AEAAwACA"}]}""");

    [Fact]
    public void Batch_OfSpeech_IsASeventhOfTheTutorialsBody()
    {
        // What the tutorial sends for a second: numbers such as -0.00042724609375, with the comma and the space of Python's json.
        var pcm = new byte[32_000];
        new Random(4711).NextBytes(pcm);
        var tutorial = Enumerable.Range(0, 16_000).Sum(i => (long)$"{BitConverter.ToInt16(pcm, 2 * i) / 32768.0:R}, ".Length);

        var ours = ScoringRequest.Write(ScoringFormat.Batch, [new ScoreInput(_id, pcm)]).Length;

        ((double)tutorial / ours).ShouldBeGreaterThan(6.5);
    }

    [Fact]
    public async Task Compressed_OfSpeech_IsThreeQuartersAndComesOutAsItWas()
    {
        var pcm = (await File.ReadAllBytesAsync(Path.Combine(RepositoryPaths.Samples, "who-sent-this.wav")))[44..];
        var body = ScoringRequest.Write(ScoringFormat.Batch, [new ScoreInput(_id, pcm)]);

        using var content = ScoringRequest.Content(body, isCompressed: true);

        content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        content.Headers.ContentLength.ShouldNotBeNull().ShouldBeLessThan(body.Length * 3 / 4);
        using var plain = new MemoryStream();
        await using var gzip = new GZipStream(await content.ReadAsStreamAsync(), CompressionMode.Decompress);
        await gzip.CopyToAsync(plain);
        plain.ToArray().ShouldBe(body.ToArray());
    }

    private static string Write(ScoringFormat format, int count) =>
        Encoding.UTF8.GetString(ScoringRequest.Write(format, [.. Enumerable.Repeat(new ScoreInput(_id, _pcm), count)]).Span);
}
