using Fleet.Cli.Keywords.Augmentation;

namespace Fleet.Cli.Keywords.Training;

/// <summary>What a network sees of sound: numbers step by step, of which it gets a window of the last few.</summary>
internal interface IWindowFeatures : IDisposable
{
    /// <summary>Names the way they are computed; another name makes kept features worthless.</summary>
    string Name { get; }

    /// <summary>Samples of one step. Step k is about the sound before sample (k + 1) x this.</summary>
    int StepSamples { get; }

    /// <summary>Numbers of one step.</summary>
    int StepSize { get; }

    /// <summary>Steps that a network sees at a time.</summary>
    int WindowSteps { get; }

    /// <summary>Steps at whose end the word has just been said, so that the network is to say yes.</summary>
    (int First, int Last) PositiveSteps(Scene scene);

    /// <summary>StepSize x (samples / StepSamples) numbers. Thread safe.</summary>
    float[] Extract(short[] samples);
}
