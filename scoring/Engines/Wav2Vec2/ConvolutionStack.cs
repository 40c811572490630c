using System.Collections.Immutable;

namespace Fleet.Scoring.Engines.Wav2Vec2;

/// <summary>The convolutions with which such a model turns samples into frames; without padding, so each makes its input shorter.</summary>
internal sealed record ConvolutionStack(ImmutableArray<int> Kernels, ImmutableArray<int> Strides)
{
    /// <summary>wav2vec2-base and all its kin: 400 samples a frame, a frame every 320 samples (20 ms).</summary>
    public static ConvolutionStack Base { get; } = new([10, 3, 3, 3, 3, 2, 2], [5, 2, 2, 2, 2, 2, 2]);

    /// <summary>Samples from one frame to the next.</summary>
    public int SamplesPerFrame => Strides.Aggregate(1, static (product, stride) => product * stride);

    /// <summary>Samples that one frame sees: shorter audio has no frame.</summary>
    public int ReceptiveSamples
    {
        get
        {
            var (seen, step) = (1, 1);
            for (var i = 0; i < Kernels.Length; i++)
            {
                seen += (Kernels[i] - 1) * step;
                step *= Strides[i];
            }

            return seen;
        }
    }

    /// <summary>How many frames so many samples become.</summary>
    public int FramesOf(int samples)
    {
        var length = samples;
        for (var i = 0; i < Kernels.Length; i++)
        {
            if (length < Kernels[i])
            {
                return 0;
            }

            length = ((length - Kernels[i]) / Strides[i]) + 1;
        }

        return length;
    }
}
