using Fleet.Audio.Keywords;
using Microsoft.ML.OnnxRuntime;

namespace Fleet.UnitTests.Audio.Keywords.Embedding;

public sealed class SpeechEmbeddingTests
{
    private static readonly string _models = Path.Combine(AppContext.BaseDirectory, "models");

    [Fact]
    public void Step_LogMel_IsThatOfTheModelFile()
    {
        var samples = Sound(1_760, loudFrom: 900);
        using var session = new InferenceSession(Path.Combine(_models, "melspectrogram.onnx"));
        var expected = Run(session, [.. samples.Select(static sample => (float)sample)], [1, samples.Length]);
        var sut = new LogMel(LogMelFilters.Read(new OnnxGraphFile(File.ReadAllBytes(Path.Combine(_models, "melspectrogram.onnx")))));

        var frames = new float[8 * 32];
        sut.Step(samples, frames);

        Assert.All(frames.Zip(expected), static pair => Assert.Equal((pair.Second / 10) + 2, pair.First, 1e-4));
    }

    [Fact]
    public void EmbedAll_IsWhatTheModelFileSaysWindowByWindow()
    {
        var samples = Sound(16_000 * 3, loudFrom: 20_000);
        using var session = new InferenceSession(Path.Combine(_models, "embedding_model.onnx"));
        using var sut = SpeechEmbedding.Load();

        var actual = sut.EmbedAll(samples);

        var frames = Frames(samples);
        for (var step = 0; step < actual.Length / 96; step++)
        {
            var expected = Run(session, frames.AsSpan(step * 8 * 32, 76 * 32).ToArray(), [1, 76, 32, 1]);
            AssertClose(expected, actual.AsSpan(step * 96, 96).ToArray());
        }
    }

    [Theory]
    [InlineData(1, 1_280)]
    [InlineData(4, 1)]
    [InlineData(3, 999)]
    [InlineData(7, 100_000)]
    public void Push_InAnyChunksAndBatches_GivesTheEmbeddingsOfTheWholeFile(int stepsPerCall, int chunk)
    {
        var samples = Sound(20_000, loudFrom: 8_000);
        using var model = SpeechEmbedding.Load();
        var (ends, embeddings) = (new List<long>(), new List<float>());
        using var sut = model.CreateStream(
            (end, embedding) =>
            {
                ends.Add(end);
                embeddings.AddRange(embedding);
            },
            stepsPerCall);

        for (var at = 0; at < samples.Length; at += chunk)
        {
            sut.Push(samples.AsSpan(at, Math.Min(chunk, samples.Length - at)));
        }

        sut.Flush();
        Assert.Equal(Enumerable.Range(1, 15).Select(static step => step * 1_280L), ends);
        AssertClose(model.EmbedAll(samples), [.. embeddings]);
    }

    [Fact]
    public async Task Push_TwoStreamsOfOneModelAtATime_DoNotDisturbEachOther()
    {
        using var model = SpeechEmbedding.Load();
        var recordings = new[] { Sound(40_000, loudFrom: 0), Sound(40_000, loudFrom: 30_000) };
        var expected = recordings.Select(samples => model.EmbedAll(samples)).ToList();

        var actual = await Task.WhenAll(recordings.Select(samples => Task.Run(() => model.EmbedAll(samples))));

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Reset_StartsAnew()
    {
        var samples = Sound(12_800, loudFrom: 3_000);
        using var model = SpeechEmbedding.Load();
        var embeddings = new List<float>();
        using var sut = model.CreateStream((_, embedding) => embeddings.AddRange(embedding));
        sut.Push(Sound(5_000, loudFrom: 0));

        sut.Reset();
        embeddings.Clear();
        sut.Push(samples);

        AssertClose(model.EmbedAll(samples), [.. embeddings]);
        Assert.Equal(17_800, sut.Position);
    }

    [Fact]
    public void EmbedAll_LessThanAStep_IsNothing()
    {
        using var sut = SpeechEmbedding.Load();

        Assert.Empty(sut.EmbedAll(new short[1_279]));
    }

    [Fact]
    public void Load_FilesAreMissing_SaysWhatToDo()
    {
        var error = Assert.Throws<KeywordModelException>(() => SpeechEmbedding.Load("/nowhere"));

        Assert.Contains("/nowhere/melspectrogram.onnx", error.Message, StringComparison.Ordinal);
        Assert.Contains("build Fleet again", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(0)]
    public void Load_FileIsCutOff_SaysWhatToDo(int length)
    {
        var folder = Directory.CreateTempSubdirectory("fleet-embedding");
        try
        {
            File.Copy(Path.Combine(_models, "melspectrogram.onnx"), Path.Combine(folder.FullName, "melspectrogram.onnx"));
            File.WriteAllBytes(
                Path.Combine(folder.FullName, "embedding_model.onnx"), File.ReadAllBytes(Path.Combine(_models, "embedding_model.onnx"))[..length]);

            var error = Assert.Throws<KeywordModelException>(() => SpeechEmbedding.Load(folder.FullName));

            Assert.Contains("Restore the file", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void CreateStream_StepsOutOfRange_Throws(int steps)
    {
        using var sut = SpeechEmbedding.Load();

        Assert.Throws<ArgumentOutOfRangeException>(() => sut.CreateStream(static (_, _) => { }, steps));
    }

    /// <summary>All frames of log-mel as streaming makes them: what was before the sound, then 8 for each step.</summary>
    private static float[] Frames(short[] samples)
    {
        var mel = new LogMel(LogMelFilters.Read(new OnnxGraphFile(File.ReadAllBytes(Path.Combine(_models, "melspectrogram.onnx")))));
        short[] padded = [.. new short[480], .. samples];
        var frames = Enumerable.Repeat(1f, 68 * 32).ToList();
        var step = new float[8 * 32];
        for (var at = 0; at + 1_280 <= samples.Length; at += 1_280)
        {
            mel.Step(padded.AsSpan(at, 1_760), step);
            frames.AddRange(step);
        }

        return [.. frames];
    }

    private static float[] Run(InferenceSession session, float[] values, long[] shape)
    {
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(values, shape);
        using var outputs = session.Run(options, [session.InputNames[0]], [input], [session.OutputNames[0]]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), static pair => Assert.Equal(pair.First, pair.Second, 1e-3));
    }

    private static short[] Sound(int length, int loudFrom)
    {
        var random = new Random(length + loudFrom);
        return
        [
            .. Enumerable.Range(0, length).Select(i =>
                (short)((i >= loudFrom ? 9_000 * Math.Sin(i * (0.05 + (i * 1e-6))) : 0) + random.Next(-(i >= loudFrom ? 900 : 5), i >= loudFrom ? 900 : 5))),
        ];
    }
}
