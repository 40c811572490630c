using System.Runtime.InteropServices;
using Fleet.Audio;
using Fleet.Audio.Keywords;
using Fleet.Cli.Keywords.Sounds;
using Fleet.DeviceAgent.Keywords;
using Fleet.Testing;
using Fleet.V1;

namespace Fleet.IntegrationTests.Agent.Keywords;

/// <summary>The agent with the model that comes with it: "listen", then a sentence, as one says it to a device.</summary>
public sealed class KeywordTests : IDisposable
{
    private const int SampleRateHz = 16_000;

    private readonly AgentFixture _agent = new();

    // What is played, and where the sentence begins and ends in it: between silence, to the loudest tenth of a second of its ends.
    private readonly List<short> _played = [];

    public void Dispose() => _agent.Dispose();

    [Theory]
    [InlineData("after")]
    [InlineData("with")]
    public async Task KeywordThenSentence_IsOneUtterance_FromItsFirstToItsLastWord(string audio)
    {
        await using var server = await IngestServer.StartAsync();
        Silence(2);
        var keyword = Play(Path.Combine(RepositoryPaths.Root, "tests", "Fleet.IntegrationTests", "Agent", "Keywords", "listen.wav"));
        Silence(0.25);
        var sentence = Play(Path.Combine(RepositoryPaths.Samples, "message-forwarded.wav"));
        Silence(2);

        var exitCode = await RunAsync(server, audio);

        exitCode.ShouldBe(0, _agent.Errors.ToString());
        var utterance = server.Received.ShouldHaveSingleItem();
        (utterance.Start.Trigger, utterance.Start.Keyword).ShouldBe((Trigger.Keyword, "listen"));
        utterance.Start.KeywordScore.ShouldBeInRange(0.85f, 1f);
        utterance.Start.KeywordModelId.ShouldBe(KeywordModelFolder.Read(ShippedKeywordModels.Find("listen")).Description.Id);
        var from = Find(utterance.Pcm);
        var to = from + (utterance.Pcm.Length / sizeof(short));
        to.ShouldBeGreaterThanOrEqualTo(sentence.End);
        if (audio == "after")
        {
            // The end of the keyword is there to be heard, and not to be transcribed.
            from.ShouldBeInRange(keyword.End - (SampleRateHz * 3 / 4), keyword.End - (SampleRateHz * 3 / 10));
            (from + (int)(utterance.Start.TranscribeFromMs * SampleRateHz / 1_000)).ShouldBeInRange(keyword.End - (SampleRateHz / 10), sentence.Start);
        }
        else
        {
            from.ShouldBeLessThan(keyword.Start);
            utterance.Start.TranscribeFromMs.ShouldBe(0u);
        }

        server.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task SentenceWithoutTheKeyword_IsNotRecorded()
    {
        await using var server = await IngestServer.StartAsync();
        Silence(2);
        Play(Path.Combine(RepositoryPaths.Samples, "two-sentences.wav"));
        Silence(1);

        (await RunAsync(server, "after")).ShouldBe(0, _agent.Errors.ToString());

        server.Received.ShouldBeEmpty();
    }

    private Task<int> RunAsync(IngestServer server, string audio)
    {
        var wav = _agent.Write("said.wav", []);
        Wave16.Write(wav, CollectionsMarshal.AsSpan(_played));
        return _agent.RunAsync(_agent.Arguments(server.Address, wav) with
        {
            Trigger = Trigger.Keyword,
            Keyword = new KeywordOptions { ModelFolders = [ShippedKeywordModels.Find("listen")], IncludeKeyword = audio == "with" },
        });
    }

    private void Silence(double seconds)
    {
        // As a quiet room has it: a few steps of the converter.
        var random = new Random(1);
        _played.AddRange(Enumerable.Range(0, (int)(seconds * SampleRateHz)).Select(_ => (short)random.Next(-4, 5)));
    }

    private (int Start, int End) Play(string file)
    {
        var samples = WavReader.ReadFile(file).Samples.Span;
        var (first, last) = (0, samples.Length);
        var loudest = 0;
        foreach (var sample in samples)
        {
            loudest = Math.Max(loudest, Math.Abs((int)sample));
        }

        while (first < last && Math.Abs((int)samples[first]) < loudest / 10)
        {
            first++;
        }

        while (last > first && Math.Abs((int)samples[last - 1]) < loudest / 10)
        {
            last--;
        }

        var start = _played.Count;
        _played.AddRange(samples);
        return (start + first, start + last);
    }

    // Where in what was played this is: the agent changes no sample.
    private int Find(byte[] pcm)
    {
        var samples = MemoryMarshal.Cast<byte, short>(pcm);
        return CollectionsMarshal.AsSpan(_played).IndexOf(samples[..Math.Min(samples.Length, SampleRateHz)]);
    }
}
