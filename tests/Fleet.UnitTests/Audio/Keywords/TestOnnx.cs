using System.Runtime.InteropServices;
using System.Text;
using Fleet.Audio.Keywords;

namespace Fleet.UnitTests.Audio.Keywords;

/// <summary>The smallest classifier in ONNX: sigmoid(weights x all inputs + bias), over inputs of any shape.</summary>
internal static class TestOnnx
{
    /// <param name="inputShape">Without the number of windows.</param>
    /// <param name="weights">inputs x labels.</param>
    /// <param name="bias">One for each label.</param>
    /// <param name="takesMany">The number of windows is open; else one.</param>
    public static byte[] Classifier(int[] inputShape, float[] weights, float[] bias, bool takesMany = true)
    {
        var inputs = inputShape.Aggregate(1, static (left, right) => left * right);
        byte[] first = takesMany ? Message(Text(2, "n")) : Message(WireField.Of(1, 1UL));
        var graph = Message(
            Node("Flatten", ["x"], "flat"), Node("MatMul", ["flat", "w"], "product"), Node("Add", ["product", "b"], "sum"), Node("Sigmoid", ["sum"], "y"),
            Text(2, "g"), Tensor("w", [inputs, bias.Length], weights), Tensor("b", [bias.Length], bias),
            WireField.Of(11, Value("x", [first, .. inputShape.Select(static size => Message(WireField.Of(1, (ulong)size)))])),
            WireField.Of(12, Value("y", [first, Message(WireField.Of(1, (ulong)bias.Length))])));
        return Message(WireField.Of(1, 8UL), WireField.Of(7, graph), WireField.Of(8, Message(WireField.Of(2, 13UL))));
    }

    private static WireField Node(string type, string[] inputs, string output) =>
        WireField.Of(1, Message([.. inputs.Select(static input => Text(1, input)), Text(2, output), Text(4, type)]));

    private static WireField Tensor(string name, int[] shape, float[] values) =>
        WireField.Of(
            5,
            Message([
                .. shape.Select(static size => WireField.Of(1, (ulong)size)), WireField.Of(2, 1UL), Text(8, name),
                WireField.Of(9, MemoryMarshal.AsBytes<float>(values).ToArray())]));

    private static byte[] Value(string name, IEnumerable<byte[]> dimensions)
    {
        var shape = Message([.. dimensions.Select(static dimension => WireField.Of(1, dimension))]);
        return Message(Text(1, name), WireField.Of(2, Message(WireField.Of(1, Message(WireField.Of(1, 1UL), WireField.Of(2, shape))))));
    }

    private static WireField Text(int number, string text) => WireField.Of(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Message(params WireField[] fields) => WireField.Join(fields);
}
