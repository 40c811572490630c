using Fleet.Audio;
using Fleet.Testing;

namespace Fleet.IntegrationTests.Audio;

public sealed class SamplesTests
{
    [Fact]
    public void Transcripts_NameEverySampleWithTextSourceAndLicence()
    {
        var rows = File.ReadLines(Path.Combine(RepositoryPaths.Samples, "transcripts.tsv")).Skip(1).Select(static line => line.Split('\t')).ToArray();

        rows.Select(static row => row[0]).Order().ShouldBe(Samples.Names);
        rows.ShouldAllBe(row => row.Length == 5 && row.All(field => field.Length > 0));
    }

    [Fact]
    public void Samples_AreSixteenKilohertzMonoAndSmall()
    {
        foreach (var name in Samples.Names)
        {
            var audio = WavReader.ReadFile(Path.Combine(RepositoryPaths.Samples, name));
            (audio.SampleRateHz, audio.Channels).ShouldBe((16_000, 1), name);
            audio.Duration.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), name);
        }
    }
}
