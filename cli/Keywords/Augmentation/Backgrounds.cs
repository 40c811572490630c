using Fleet.Cli.Keywords.Sounds;

namespace Fleet.Cli.Keywords.Augmentation;

/// <summary>Pieces of long recordings (music, talk, rooms), in memory, for behind and before keywords.</summary>
internal sealed class Backgrounds
{
    private const int PieceSamples = 8 * Wave16.RateHz;
    private const int MaxPieces = 400;

    // As loud as nothing that anybody would notice.
    private const double QuietRms = 30;

    private readonly List<short[]> _pieces = [];

    private Backgrounds()
    {
    }

    public int Count => _pieces.Count;

    /// <summary>Takes pieces evenly from all recordings.</summary>
    public static Backgrounds Load(IReadOnlyList<string> recordings, int seed, Action<string> onBroken)
    {
        var result = new Backgrounds();
        var random = new Random(seed);
        var each = Math.Max(1, MaxPieces / Math.Max(1, recordings.Count));
        foreach (var file in recordings)
        {
            if (result.Count >= MaxPieces || SoundFolder.TryRead(file, onBroken) is not { Length: >= PieceSamples } samples)
            {
                continue;
            }

            for (var i = 0; i < each; i++)
            {
                var piece = samples.AsSpan(random.Next(samples.Length - PieceSamples + 1), PieceSamples).ToArray();
                if (Levels.Rms(Levels.ToFloat(piece)) > QuietRms)
                {
                    result._pieces.Add(piece);
                }
            }
        }

        return result;
    }

    /// <summary>So many samples of some recording, or of computed noise where there is none or none as long.</summary>
    public float[] Take(int length, Random random)
    {
        if (_pieces.Count == 0 || length > PieceSamples)
        {
            return Noise.Create((NoiseColour)random.Next(3), length, random);
        }

        var piece = _pieces[random.Next(_pieces.Count)];
        return Levels.ToFloat(piece.AsSpan(random.Next(PieceSamples - length + 1), length));
    }
}
