using Fleet.Audio.Onnx;
using Microsoft.ML.OnnxRuntime;
using Elements = Fleet.Audio.Onnx.TensorProto.Types.DataType;

namespace Fleet.UnitTests.Audio.Onnx;

/// <summary>What ONNX Runtime makes of the models that Fleet writes.</summary>
public sealed class OnnxModelBuilderTests
{
    [Fact]
    public void Build_ConvolutionWithSettings_RunsInOnnxRuntime()
    {
        var model = new OnnxModelBuilder("difference")
            .Input("x", Elements.Float, "batch", 1, "samples")
            .Output("y", Elements.Float, "batch", 1, "frames")
            .Constant("w", [1f, -1f], 1, 1, 2)
            .Node("Conv", ["x", "w"], ["y"], OnnxSetting.Ints("strides", 2), OnnxSetting.Ints("kernel_shape", 2))
            .Metadata("fleet.kind", "test")
            .ToBytes();

        using var session = new InferenceSession(model);
        using var x = OrtValue.CreateTensorValueFromMemory(new float[] { 5, 3, 10, 4 }, [1, 1, 4]);
        using var options = new RunOptions();
        using var results = session.Run(options, ["x"], [x], ["y"]);

        results[0].GetTensorDataAsSpan<float>().ToArray().ShouldBe([2f, 6f]);
        session.ModelMetadata.CustomMetadataMap["fleet.kind"].ShouldBe("test");
        session.InputMetadata["x"].SymbolicDimensions.ShouldBe(["batch", "", "samples"]);
    }

    [Fact]
    public void Build_IntegersAndAZeroSetting_RunsInOnnxRuntime()
    {
        // A setting of 0 is the default of the format's own field: it has to be written all the same.
        var model = new OnnxModelBuilder("gather")
            .Input("x", Elements.Float, 2, 2)
            .Output("y", Elements.Float, 1, 2)
            .Constant("row", [1L], 1)
            .Node("Gather", ["x", "row"], ["y"], OnnxSetting.Of("axis", 0))
            .ToBytes();

        using var session = new InferenceSession(model);
        using var x = OrtValue.CreateTensorValueFromMemory(new float[] { 1, 2, 3, 4 }, [2, 2]);
        using var options = new RunOptions();
        using var results = session.Run(options, ["x"], [x], ["y"]);

        results[0].GetTensorDataAsSpan<float>().ToArray().ShouldBe([3f, 4f]);
    }

    [Fact]
    public void Constant_ShapeOfAnotherSize_SaysSo() =>
        Should.Throw<ArgumentException>(() => new OnnxModelBuilder("x").Constant("w", [1f, 2f], 3)).Message.ShouldContain("'w' has 3 values, but 2 are given");
}
