using Fleet.DeviceAgent.Configuration;
using Fleet.DeviceAgent.Identity;

namespace Fleet.UnitTests.Agent.Identity;

public sealed class StatePartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Take_ReplicasAtATime_GetDifferentParts_AndTheNextOneWhatIsFree()
    {
        using var first = StatePart.Take(_folder.Path);
        var second = StatePart.Take(_folder.Path);
        using var third = StatePart.Take(_folder.Path);
        second.Dispose();
        using var next = StatePart.Take(_folder.Path);

        new[] { first.Number, third.Number, next.Number }.ShouldBe([1, 3, 2]);
        next.Path.ShouldBe(second.Path);
    }

    [Fact]
    public void Take_FolderCannotBeMade_Says()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "file"), "");

        Should.Throw<IOException>(() => StatePart.Take(Path.Combine(_folder.Path, "file")));
    }

    [Fact]
    public void In_APart_DevicesOfReplicasHaveDifferentNamesAndFolders()
    {
        using var first = StatePart.Take(_folder.Path);
        using var second = StatePart.Take(_folder.Path);
        var arguments = new AgentArguments { Server = "https://silo:5100", StateFolder = _folder.Path, Simulate = 2 };

        var all = new[] { arguments.In(first), arguments.In(second) };

        all.SelectMany(one => one.DeviceIds()).ShouldBe(["pi-1-001", "pi-1-002", "pi-2-001", "pi-2-002"]);
        all.SelectMany(one => one.DeviceIds().Select(one.FolderOf)).Distinct().Count().ShouldBe(4);
    }
}
