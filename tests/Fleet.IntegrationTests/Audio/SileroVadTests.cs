using Fleet.Audio;

namespace Fleet.IntegrationTests.Audio;

public sealed class SileroVadTests : IDisposable
{
    private readonly SileroVad _sut = SileroVad.Load();

    public void Dispose() => _sut.Dispose();

    /// <summary>Without the context the model answers near zero and no error tells: this is the test that does.</summary>
    [Fact]
    public void Push_SpeechWithTheContextOfTheLastFrame_ScoresHighAndWithoutItDoesNot()
    {
        var speech = Samples.Read("accept-this-recording.wav");
        using var complete = _sut.CreateStream();
        using var broken = _sut.CreateStream(withContext: false);

        var shareComplete = SpeechShare(Probabilities(complete, speech));
        var shareBroken = SpeechShare(Probabilities(broken, speech));

        shareComplete.ShouldBeGreaterThan(0.7);
        shareBroken.ShouldBeLessThan(shareComplete / 3);
    }

    [Fact]
    public void Push_SilenceAndNoise_ScoresLow()
    {
        var random = new Random(1);
        short[] noise = [.. new short[16_000], .. Enumerable.Range(0, 48_000).Select(_ => (short)random.Next(-800, 800))];
        using var stream = _sut.CreateStream();

        Probabilities(stream, noise).Max().ShouldBeLessThan(0.3f);
    }

    [Fact]
    public void Reset_ThenTheSameAudio_GivesTheSameAnswers()
    {
        var speech = Samples.Read("conference-recorded.wav");
        using var stream = _sut.CreateStream();
        var first = Probabilities(stream, speech);

        stream.Reset();

        Probabilities(stream, speech).ShouldBe(first);
    }

    [Fact]
    public async Task CreateStream_ManyStreamsAtOnce_DoNotDisturbEachOther()
    {
        var names = Samples.Names.ToArray();
        var alone = names.Select(name => Score(name)).ToArray();

        var together = await Task.WhenAll(Enumerable.Range(0, 3 * names.Length).Select(i => Task.Run(() => Score(names[i % names.Length]))));

        for (var i = 0; i < together.Length; i++)
        {
            together[i].ShouldBe(alone[i % names.Length]);
        }
    }

    [Fact]
    public void Push_WrongFrameLength_Throws()
    {
        using var stream = _sut.CreateStream();

        Should.Throw<ArgumentException>(() => stream.Push(new short[480]));
    }

    [Fact]
    public void Push_AfterTheFirstFrames_AllocatesNothing()
    {
        using var stream = _sut.CreateStream();
        var frame = new short[SileroVad.FrameSamples];
        for (var i = 0; i < 100; i++)
        {
            stream.Push(frame);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            stream.Push(frame);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Load_NoModel_SaysWhatToDo() =>
        Should.Throw<VadUnavailableException>(() => SileroVad.Load("/nowhere/silero.onnx")).Message.ShouldContain("Build Fleet again");

    private float[] Score(string name)
    {
        using var stream = _sut.CreateStream();
        return Probabilities(stream, Samples.Read(name));
    }

    private static float[] Probabilities(IVadStream stream, short[] samples)
    {
        var probabilities = new float[samples.Length / SileroVad.FrameSamples];
        for (var i = 0; i < probabilities.Length; i++)
        {
            probabilities[i] = stream.Push(samples.AsSpan(i * SileroVad.FrameSamples, SileroVad.FrameSamples));
        }

        return probabilities;
    }

    private static double SpeechShare(float[] probabilities) => probabilities.Count(static p => p >= 0.5) / (double)probabilities.Length;
}
