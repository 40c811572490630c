using Fleet.Audio.Onnx;

namespace Fleet.Cli.Keywords.Networks;

/// <summary>Between our layout, [batch, steps x channels], and that of ONNX's operators over time, [batch, channels, steps].</summary>
internal static class TimeAxis
{
    public static string Open(OnnxModelBuilder model, string name, string input, int steps, int channels)
    {
        model.Constant($"{name}_steps", [-1L, steps, channels], 3)
            .Node("Reshape", [input, $"{name}_steps"], [$"{name}_by_step"])
            .Node("Transpose", [$"{name}_by_step"], [$"{name}_by_channel"], OnnxSetting.Ints("perm", 0, 2, 1));
        return $"{name}_by_channel";
    }

    public static string Close(OnnxModelBuilder model, string name, string input, int size)
    {
        model.Node("Transpose", [input], [$"{name}_back"], OnnxSetting.Ints("perm", 0, 2, 1))
            .Constant($"{name}_size", [-1L, size], 2)
            .Node("Reshape", [$"{name}_back", $"{name}_size"], [name]);
        return name;
    }
}
