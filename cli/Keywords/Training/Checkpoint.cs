using System.Globalization;
using System.Runtime.InteropServices;
using Fleet.Cli.Keywords.Networks;

namespace Fleet.Cli.Keywords.Training;

/// <summary>The weights of heads after each round, so that a training that was interrupted goes on.</summary>
internal sealed class Checkpoint(string folder, string key)
{
    /// <returns>The round to go on with; 0 when there is nothing that fits.</returns>
    public int Load(Network network, int head)
    {
        var file = FileOf(head);
        if (!File.Exists(file))
        {
            return 0;
        }

        using var reader = new BinaryReader(File.OpenRead(file));
        if (reader.ReadString() != key || reader.ReadInt32() is var round && reader.ReadInt32() != network.ParameterCount)
        {
            return 0;
        }

        foreach (var layer in network.Layers)
        {
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(layer.Parameters.AsSpan()));
        }

        return round;
    }

    public void Save(Network network, int head, int round)
    {
        Directory.CreateDirectory(folder);
        var part = FileOf(head) + ".part";
        using (var writer = new BinaryWriter(File.Create(part)))
        {
            writer.Write(key);
            writer.Write(round);
            writer.Write(network.ParameterCount);
            foreach (var layer in network.Layers)
            {
                writer.Write(MemoryMarshal.AsBytes(layer.Parameters.AsSpan()));
            }
        }

        File.Move(part, FileOf(head), overwrite: true);
    }

    private string FileOf(int head) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"head-{head}.weights"));
}
