using Fleet.Scoring.Engines.Wav2Vec2;
using Fleet.Testing.Speech;
using Microsoft.ML.OnnxRuntime;

namespace Fleet.UnitTests.Scoring.Engines.Wav2Vec2;

/// <summary>The formula of the frames against the convolutions themselves.</summary>
public sealed class ConvolutionStackTests
{
    [Fact]
    public void FramesOf_EveryLength_IsWhatTheConvolutionsMake()
    {
        var stack = ConvolutionStack.Base;
        using var session = new InferenceSession(ToneModel.Lengths(stack.Kernels, stack.Strides));
        using var options = new RunOptions();
        var random = new Random(6);
        int[] lengths = [400, 401, 719, 720, 721, 16_000, 32_159, .. Enumerable.Range(0, 60).Select(_ => random.Next(400, 40_000))];
        foreach (var length in lengths)
        {
            using var samples = OrtValue.CreateTensorValueFromMemory(new float[length], [1, length]);
            using var results = session.Run(options, ["input_values"], [samples], ["layer_7"]);

            results[0].GetTensorTypeAndShape().Shape.ShouldBe([1L, 1, stack.FramesOf(length)], $"{length} samples");
        }
    }

    [Fact]
    public void Base_IsAFrameOf25MillisecondsEvery20()
    {
        ConvolutionStack.Base.ReceptiveSamples.ShouldBe(400);
        ConvolutionStack.Base.SamplesPerFrame.ShouldBe(320);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(399, 0)]
    [InlineData(400, 1)]
    [InlineData(719, 1)]
    [InlineData(720, 2)]
    [InlineData(16_000, 49)]
    public void FramesOf_Base_IsKnown(int samples, int frames) => ConvolutionStack.Base.FramesOf(samples).ShouldBe(frames);
}
