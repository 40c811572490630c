using Fleet.Audio;

namespace Fleet.UnitTests.Audio.Levels;

public sealed class InputLevelsTests
{
    [Fact]
    public void Of_Sine_HasItsPeakAndPower()
    {
        var levels = InputLevels.Of(Sine(0.5, 0));

        levels.PeakDbfs.ShouldBe(-6.02, 0.05);
        levels.RmsDbfs.ShouldBe(-9.03, 0.05);
        levels.DcOffsetPercent.ShouldBe(0, 0.01);
        levels.Faults.ShouldBe(InputFaults.None);
    }

    [Theory]
    [InlineData(1.0, 0.0, InputFaults.Clipping)] // touches full scale at every top
    [InlineData(3.0, 0.0, InputFaults.Clipping)]
    [InlineData(0.9, 0.0, InputFaults.None)]
    [InlineData(0.1, 0.05, InputFaults.DcOffset)]
    [InlineData(0.1, -0.05, InputFaults.DcOffset)]
    [InlineData(0.1, 0.02, InputFaults.None)]
    [InlineData(0.0, 0.0, InputFaults.Silent)]
    [InlineData(0.0, 0.25, InputFaults.Flat | InputFaults.DcOffset)] // a stuck converter
    [InlineData(0.0002, 0.0, InputFaults.None)] // a quiet room
    public void Faults_OfASine_AreWhatItsShapeSays(double amplitude, double offset, InputFaults faults) =>
        InputLevels.Of(Sine(amplitude, offset)).Faults.ShouldBe(faults);

    [Fact]
    public void Faults_FewSamplesAtFullScale_AreALoudVoice()
    {
        var samples = Sine(0.5, 0);
        samples[100] = short.MaxValue;
        samples[200] = short.MinValue;

        var levels = InputLevels.Of(samples);

        levels.FullScaleSamples.ShouldBe(2);
        levels.PeakDbfs.ShouldBe(0);
        levels.Faults.ShouldBe(InputFaults.None);
    }

    [Fact]
    public void Faults_OneOfTwoChannelsClipped_IsNotHiddenByTheOther()
    {
        var samples = Sine(3, 0).SelectMany(static loud => new[] { loud, (short)0 }).ToArray();

        InputLevels.Of(samples).Faults.ShouldBe(InputFaults.Clipping);
    }

    [Fact]
    public void Take_PiecesOfAnySize_AddUpToTheWhole()
    {
        var samples = Sine(1.2, 0.1);
        var random = new Random(1);
        var sut = new InputQuality();
        for (var at = 0; at < samples.Length;)
        {
            var count = Math.Min(random.Next(0, 500), samples.Length - at);
            sut.Add(samples.AsSpan(at, count));
            at += count;
        }

        sut.Take().ShouldBe(InputLevels.Of(samples));
        sut.Take().ShouldBe(default);
    }

    [Fact]
    public void Faults_NothingHeard_AreNone()
    {
        InputLevels.Of([]).Faults.ShouldBe(InputFaults.None);
        InputLevels.Of([]).RmsDbfs.ShouldBe(-120);
    }

    private static short[] Sine(double amplitude, double offset) =>
    [
        .. Enumerable.Range(0, 16_000)
            .Select(i => (short)Math.Clamp(Math.Round(32_767 * ((amplitude * Math.Sin(2 * Math.PI * 440 * i / 16_000)) + offset)), -32_768, 32_767)),
    ];
}
