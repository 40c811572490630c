using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Fleet.Audio.Onnx;

/// <summary>Writes an ONNX model node by node. Nodes are added in the order in which they are computed.</summary>
public sealed class OnnxModelBuilder
{
    // Opset 17 with IR 8 is read by every ONNX Runtime since 1.12.
    private const long IrVersion = 8;
    private const long OpsetVersion = 17;

    private readonly GraphProto _graph;
    private readonly ModelProto _model;

    /// <summary>Starts an empty model.</summary>
    /// <param name="name">Name of its graph.</param>
    public OnnxModelBuilder(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _graph = new GraphProto { Name = name };
        _model = new ModelProto { IrVersion = IrVersion, ProducerName = "fleet", Graph = _graph };
        _model.OpsetImport.Add(new OperatorSetIdProto { Version = OpsetVersion });
    }

    /// <summary>Declares an input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Type of its elements.</param>
    /// <param name="shape">A dimension each: a length, or a name where it is known at run time only.</param>
    public OnnxModelBuilder Input(string name, TensorProto.Types.DataType type, params ReadOnlySpan<OnnxDimension> shape)
    {
        _graph.Input.Add(Value(name, type, shape));
        return this;
    }

    /// <summary>Declares an output, which a node makes; parameters as of <see cref="Input"/>.</summary>
    public OnnxModelBuilder Output(string name, TensorProto.Types.DataType type, params ReadOnlySpan<OnnxDimension> shape)
    {
        _graph.Output.Add(Value(name, type, shape));
        return this;
    }

    /// <summary>Adds a constant of floats, row by row.</summary>
    public OnnxModelBuilder Constant(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) =>
        Constant(name, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), values.Length, shape);

    /// <summary>Adds a constant of 64-bit integers, which axes, shapes and indices are.</summary>
    public OnnxModelBuilder Constant(string name, ReadOnlySpan<long> values, params ReadOnlySpan<long> shape) =>
        Constant(name, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values), values.Length, shape);

    /// <summary>Adds an operator.</summary>
    /// <param name="operatorType">Such as "Conv".</param>
    /// <param name="inputs">Names; an empty one is an optional input that is left out.</param>
    /// <param name="outputs">Names.</param>
    /// <param name="attributes">Made by <see cref="OnnxSetting"/>.</param>
    public OnnxModelBuilder Node(string operatorType, IEnumerable<string> inputs, IEnumerable<string> outputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto { OpType = operatorType, Name = $"{operatorType}_{_graph.Node.Count}" };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        foreach (var attribute in attributes)
        {
            node.Attribute.Add(attribute);
        }

        _graph.Node.Add(node);
        return this;
    }

    /// <summary>Adds what a program can ask the model for.</summary>
    public OnnxModelBuilder Metadata(string key, string value)
    {
        _model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return this;
    }

    /// <summary>The model as a file has it.</summary>
    public byte[] ToBytes() => _model.ToByteArray();

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, ReadOnlySpan<OnnxDimension> shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (var dimension in shape)
        {
            dimensions.Dim.Add(dimension.Name is { } symbol
                ? new TensorShapeProto.Types.Dimension { DimParam = symbol }
                : new TensorShapeProto.Types.Dimension { DimValue = dimension.Length });
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = type, Shape = dimensions } },
        };
    }

    private OnnxModelBuilder Constant(string name, TensorProto.Types.DataType type, ReadOnlySpan<byte> bytes, int count, ReadOnlySpan<long> shape)
    {
        long expected = 1;
        foreach (var length in shape)
        {
            expected *= length;
        }

        if (expected != count)
        {
            throw new ArgumentException($"The shape of '{name}' has {expected} values, but {count} are given.", nameof(shape));
        }

        // The format is little-endian, as every machine that Fleet runs on.
        var tensor = new TensorProto { Name = name, DataType = type, RawData = ByteString.CopyFrom(bytes) };
        foreach (var length in shape)
        {
            tensor.Dims.Add(length);
        }

        _graph.Initializer.Add(tensor);
        return this;
    }
}
