using Fleet.Cli.Keywords.Sounds;
using Fleet.Cli.Keywords.Training;

namespace Fleet.UnitTests.Cli.Keywords.Training;

public sealed class ClipPlanTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-plan-").FullName;

    [Fact]
    public void SameClips_InAnotherPlace_HaveTheSamePlan()
    {
        var here = Plan("here");
        var there = Plan(Path.Combine("there", "deeper"));

        here.ShouldBe(there);
        here.Count(work => work.IsValidation).ShouldBeInRange(1, here.Count / 2);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private List<(string Name, ClipKind Kind, int Pass, bool IsValidation, int Seed)> Plan(string place)
    {
        var folder = Path.Combine(_folder, place);
        foreach (var kind in new[] { "keyword", "other" })
        {
            Directory.CreateDirectory(Path.Combine(folder, kind));
            for (var i = 0; i < 40; i++)
            {
                Wave16.Write(Path.Combine(folder, kind, $"{i}.wav"), new short[Wave16.RateHz]);
            }
        }

        var options = new TrainOptions
        {
            Word = "melody", Positives = [Path.Combine(folder, "keyword")], Negatives = [Path.Combine(folder, "other")], Out = _folder, Cache = _folder,
        };
        return [.. ClipPlan.Create(options, Console.Error.WriteLine).Work.Select(work => (Path.GetFileName(work.File), work.Kind, work.Pass, work.IsValidation, work.Seed))];
    }
}
