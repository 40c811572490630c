using System.Globalization;
using Fleet.Audio.Keywords;
using Fleet.Audio.Onnx;
using Fleet.Cli.Keywords.Networks;
using FloatType = Fleet.Audio.Onnx.TensorProto.Types.DataType;

namespace Fleet.Cli.Keywords.Training;

/// <summary>Writes what was trained as a folder that agents load: the network as ONNX, and model.json.</summary>
internal static class ModelWriter
{
    /// <summary>All heads in one file, with their mean and the calibration in it: [batch, steps, numbers] to [batch, 1].</summary>
    public static byte[] Embedding(IReadOnlyList<Network> heads, Calibration calibration, int steps, int size)
    {
        var model = new OnnxModelBuilder("keyword")
            .Input("embeddings", FloatType.Float, "batch", steps, size)
            .Output("score", FloatType.Float, "batch", 1)
            .Constant("flat_size", (ReadOnlySpan<long>)[-1, steps * size], 2)
            .Node("Reshape", ["embeddings", "flat_size"], ["flat"]);
        var logits = heads.Select((head, i) => head.Write(model, string.Create(CultureInfo.InvariantCulture, $"head{i}"), "flat")).ToList();
        model.Node("Sum", logits, ["logits"])
            .Constant("scale", (ReadOnlySpan<float>)[(float)(calibration.Scale / heads.Count)], 1)
            .Constant("offset", (ReadOnlySpan<float>)[(float)calibration.Offset], 1)
            .Node("Mul", ["logits", "scale"], ["scaled"])
            .Node("Add", ["scaled", "offset"], ["calibrated"])
            .Node("Sigmoid", ["calibrated"], ["score"]);
        return model.ToBytes();
    }

    /// <summary>One network with a score for each label: [batch, numbers] to [batch, labels].</summary>
    public static byte[] Mfcc(Network network)
    {
        var model = new OnnxModelBuilder("keyword")
            .Input("features", FloatType.Float, "batch", network.Inputs)
            .Output("scores", FloatType.Float, "batch", network.Outputs);
        var logits = network.Write(model, "layer", "features");
        return model.Node("Softmax", [logits], ["scores"], OnnxSetting.Of("axis", 1L)).ToBytes();
    }

    public static void Write(string folder, byte[] network, KeywordModelDescription description)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, description.Files[0].Name), network);
        KeywordModelFolder.Write(folder, description);
    }
}
