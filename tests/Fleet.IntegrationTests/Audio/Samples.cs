using Fleet.Audio;
using Fleet.Testing;

namespace Fleet.IntegrationTests.Audio;

/// <summary>The recordings in samples/.</summary>
internal static class Samples
{
    public static IEnumerable<string> Names => Directory.EnumerateFiles(RepositoryPaths.Samples, "*.wav").Select(static path => Path.GetFileName(path)).Order();

    public static short[] Read(string name) => WavReader.ReadFile(Path.Combine(RepositoryPaths.Samples, name)).Samples.ToArray();
}
