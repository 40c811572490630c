using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Fleet.Audio;

namespace Fleet.Benchmarks.Endpointing;

/// <summary>The recogniser, with a memory: a clip whose cut did not change since the last run is not decoded again.</summary>
internal sealed class CachingDecoder : IDisposable
{
    private readonly PocketSphinxDecoder _decoder = PocketSphinxDecoder.Load();
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly StreamWriter? _file;

    public CachingDecoder(string? cacheFile)
    {
        if (cacheFile is null)
        {
            return;
        }

        if (File.Exists(cacheFile))
        {
            foreach (var line in File.ReadLines(cacheFile).Select(static line => line.Split('\t')))
            {
                _known[line[0]] = line[1];
            }
        }

        _file = File.AppendText(cacheFile);
        _file.AutoFlush = true;
    }

    public string Decode(ReadOnlySpan<short> samples)
    {
        var key = Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(samples)));
        if (!_known.TryGetValue(key, out var text))
        {
            _known[key] = text = _decoder.Decode(samples).Text;
            _file?.WriteLine($"{key}\t{text}");
        }

        return text;
    }

    public void Dispose()
    {
        _decoder.Dispose();
        _file?.Dispose();
    }
}
