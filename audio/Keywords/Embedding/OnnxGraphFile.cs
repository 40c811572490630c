using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Fleet.Audio.Keywords;

/// <summary>As much of an ONNX file as the front end of the keyword spotter needs: read a constant, and change how the graph begins and ends.</summary>
internal sealed class OnnxGraphFile
{
    // Field numbers of onnx.proto.
    private const int ModelGraph = 7;
    private const int GraphNode = 1;
    private const int GraphInitializer = 5;
    private const int GraphInput = 11;
    private const int GraphOutput = 12;
    private const int NodeInput = 1;
    private const int NodeOutput = 2;
    private const int NodeOperator = 4;
    private const int TensorDimensions = 1;
    private const int TensorDataType = 2;
    private const int TensorName = 8;
    private const int TensorRawData = 9;
    private const int ValueName = 1;
    private const int ValueType = 2;
    private const int TypeTensor = 1;
    private const int TensorTypeElement = 1;
    private const int TensorTypeShape = 2;
    private const int ShapeDimension = 1;
    private const int DimensionName = 2;
    private const ulong FloatElement = 1;
    private const ulong Int64Element = 7;

    private readonly IReadOnlyList<WireField> _model;
    private readonly List<WireField> _graph;

    /// <exception cref="InvalidDataException">It is no ONNX file.</exception>
    public OnnxGraphFile(byte[] file)
    {
        _model = WireField.Parse(file);
        var graph = _model.FirstOrDefault(static field => field.Number == ModelGraph);
        _graph = graph.WireType == WireField.BytesType ? [.. WireField.Parse(graph.Bytes)] : throw new InvalidDataException("It holds no graph.");
    }

    /// <summary>The values of a constant of the graph.</summary>
    /// <exception cref="InvalidDataException">There is no such constant of this many values.</exception>
    public float[] Floats(string name, int count)
    {
        var tensor = _graph.Where(static field => field.Number == GraphInitializer).Select(static field => WireField.Parse(field.Bytes))
            .FirstOrDefault(tensor => Text(tensor, TensorName) == name);
        var raw = tensor?.FirstOrDefault(static field => field.Number == TensorRawData).Bytes ?? default;
        return raw.Length == count * sizeof(float)
            ? MemoryMarshal.Cast<byte, float>(raw.Span).ToArray()
            : throw new InvalidDataException($"It holds no constant '{name}' of {count} numbers.");
    }

    /// <summary>
    /// Makes a graph that begins and ends with a Reshape to fixed sizes one of any length: the first Reshape is given
    /// <paramref name="firstShape"/>, the last one is dropped, and input and output lose their fixed dimensions.
    /// </summary>
    /// <returns>Names of the new input and output.</returns>
    public (string Input, string Output) OpenEnds(long[] firstShape)
    {
        var input = Text(WireField.Parse(Single(GraphInput).Bytes), ValueName);
        var output = Text(WireField.Parse(Single(GraphOutput).Bytes), ValueName);
        var first = Reshape(NodeInput, input);
        var last = Reshape(NodeOutput, output);
        var shape = Texts(first.Node, NodeInput)[1];
        var result = Texts(last.Node, NodeInput)[0];
        Replace(static field => field.Number == GraphInput, WireField.Of(GraphInput, FloatValue(input, firstShape.Length)));
        Replace(static field => field.Number == GraphOutput, WireField.Of(GraphOutput, FloatValue(result, firstShape.Length)));
        Replace(
            field => field.Number == GraphInitializer && Text(WireField.Parse(field.Bytes), TensorName) == shape,
            WireField.Of(GraphInitializer, Shape(shape, firstShape)));
        _graph.RemoveAt(last.Index);
        return (input, result);
    }

    public byte[] ToArray() => WireField.Join(_model.Select(field => field.Number == ModelGraph ? WireField.Of(ModelGraph, WireField.Join(_graph)) : field));

    private WireField Single(int number) =>
        _graph.Count(field => field.Number == number) == 1
            ? _graph.First(field => field.Number == number)
            : throw new InvalidDataException("The graph has not one input and one output.");

    private (int Index, IReadOnlyList<WireField> Node) Reshape(int end, string name)
    {
        for (var i = 0; i < _graph.Count; i++)
        {
            if (_graph[i].Number == GraphNode && WireField.Parse(_graph[i].Bytes) is var node && Text(node, NodeOperator) == "Reshape" &&
                Text(node, end) == name)
            {
                return (i, node);
            }
        }

        throw new InvalidDataException($"No Reshape is at '{name}'.");
    }

    private void Replace(Predicate<WireField> which, WireField by)
    {
        var index = _graph.FindIndex(which);
        if (index < 0)
        {
            throw new InvalidDataException("A part of the graph is missing.");
        }

        _graph[index] = by;
    }

    private static byte[] FloatValue(string name, int dimensions)
    {
        var shape = WireField.Join(Enumerable.Range(0, dimensions)
            .Select(i => WireField.Of(ShapeDimension, WireField.Join([WireField.Of(DimensionName, Encoding.UTF8.GetBytes($"{name}_{i}"))]))));
        var tensor = WireField.Join([WireField.Of(TensorTypeElement, FloatElement), WireField.Of(TensorTypeShape, shape)]);
        var type = WireField.Join([WireField.Of(TypeTensor, tensor)]);
        return WireField.Join([WireField.Of(ValueName, Encoding.UTF8.GetBytes(name)), WireField.Of(ValueType, type)]);
    }

    private static byte[] Shape(string name, long[] values)
    {
        var raw = new byte[values.Length * sizeof(long)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(raw.AsSpan(i * sizeof(long)), values[i]);
        }

        return WireField.Join([
            WireField.Of(TensorDimensions, (ulong)values.Length), WireField.Of(TensorDataType, Int64Element),
            WireField.Of(TensorName, Encoding.UTF8.GetBytes(name)), WireField.Of(TensorRawData, raw)]);
    }

    private static string Text(IReadOnlyList<WireField> message, int number) => Texts(message, number).FirstOrDefault("");

    private static List<string> Texts(IReadOnlyList<WireField> message, int number) =>
        [.. message.Where(field => field.Number == number).Select(static field => Encoding.UTF8.GetString(field.Bytes.Span))];
}
