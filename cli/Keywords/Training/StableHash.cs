using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Cli.Keywords.Training;

/// <summary>A number from a text that is the same in each run, unlike the framework's own.</summary>
internal static class StableHash
{
    public static uint Of(string text) => BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>For the name of a file: 16 hexadecimal digits.</summary>
    public static string Name(IEnumerable<string> texts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', texts))))[..16];
}
