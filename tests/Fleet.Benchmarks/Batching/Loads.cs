namespace Fleet.Benchmarks.Batching;

/// <summary>Utterances as a fleet of many devices says them: at random times, so many a second on the average, of random lengths. Seeded.</summary>
internal static class Loads
{
    private const int Devices = 40;
    private const int SampleRateHz = 16_000;
    private const double ShortestSeconds = 0.8;
    private const double LongestSeconds = 2.2;

    /// <summary>Of an utterance, on the average.</summary>
    public const double MeanSeconds = (ShortestSeconds + LongestSeconds) / 2;

    // Not silence, which would compress; one for all, since its content does not matter to an endpoint of known cost.
    private static readonly byte[] _noise = MakeNoise();

    public static IReadOnlyList<Spoken> OfNoise(double perSecond, TimeSpan lasting, int seed) =>
        At(perSecond, lasting, seed, random => _noise.AsMemory(0, (int)((ShortestSeconds + ((LongestSeconds - ShortestSeconds) * random.NextDouble())) * SampleRateHz) * 2));

    public static IReadOnlyList<Spoken> Of(IReadOnlyList<ReadOnlyMemory<byte>> recordings, double perSecond, TimeSpan lasting, int seed)
    {
        var next = 0;
        return At(perSecond, lasting, seed, _ => recordings[next++ % recordings.Count]);
    }

    private static List<Spoken> At(double perSecond, TimeSpan lasting, int seed, Func<Random, ReadOnlyMemory<byte>> next)
    {
        var random = new Random(seed);
        List<Spoken> utterances = [];
        for (var at = 0.0; ;)
        {
            at -= Math.Log(1 - random.NextDouble()) / perSecond;
            if (at > lasting.TotalSeconds && utterances.Count > 0)
            {
                return utterances;
            }

            utterances.Add(new Spoken(Guid.NewGuid(), $"pi-{random.Next(Devices)}", next(random), TimeSpan.FromSeconds(at)));
        }
    }

    private static byte[] MakeNoise()
    {
        var noise = new byte[(int)(LongestSeconds * SampleRateHz + 1) * 2];
        new Random(4711).NextBytes(noise);
        return noise;
    }
}
