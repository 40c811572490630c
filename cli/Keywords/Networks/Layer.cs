using Fleet.Audio.Onnx;

namespace Fleet.Cli.Keywords.Networks;

/// <summary>One layer of a small network that is trained here and written as ONNX. What it learns is in <see cref="Parameters"/>; it has no other state.</summary>
internal abstract class Layer(int inputs, int outputs, int parameters)
{
    public int Inputs { get; } = inputs;

    public int Outputs { get; } = outputs;

    public float[] Parameters { get; } = new float[parameters];

    /// <summary>Weights to begin with.</summary>
    public virtual void Initialise(Random random)
    {
    }

    /// <param name="input">So many numbers as Inputs.</param>
    /// <param name="output">So many as Outputs.</param>
    /// <param name="random">Null when the network is used; given when it learns.</param>
    public abstract void Forward(ReadOnlySpan<float> input, Span<float> output, Random? random);

    /// <summary>
    /// From the gradient by the output: adds that by the parameters to <paramref name="gradient"/> and sets that by the input, unless it is empty
    /// because nobody needs it.
    /// </summary>
    public abstract void Backward(
        ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> byOutput, Span<float> byInput, Span<float> gradient);

    /// <summary>Adds the layer to a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">Of this layer: beginning of the names of all that is in it.</param>
    /// <param name="input">Name of a tensor [batch, Inputs].</param>
    /// <returns>Name of a tensor [batch, Outputs].</returns>
    public abstract string Write(OnnxModelBuilder model, string name, string input);
}
