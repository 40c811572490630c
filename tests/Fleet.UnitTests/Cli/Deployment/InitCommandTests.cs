using System.CommandLine;
using Fleet.Cli;
using Fleet.Cli.Deployment;

namespace Fleet.UnitTests.Cli.Deployment;

public sealed class InitCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-init-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Init_PrintsTheFirstSignInOnce_AndNoOtherSecret()
    {
        var (first, firstCode) = await RunAsync();
        var (second, secondCode) = await RunAsync();

        (firstCode, secondCode).ShouldBe((0, 0));
        first.ShouldMatch("sign in as admin / [a-z2-9]{5}(-[a-z2-9]{5}){3} ");
        second.ShouldNotContain("admin /");
        first.ShouldNotContain("device-agent");
        foreach (var file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories))
        {
            first.ShouldNotContain((await File.ReadAllTextAsync(file)).Trim());
        }
    }

    [Fact]
    public async Task Init_WithAHost_SaysTheLineWithWhichADeviceConnects()
    {
        var (text, _) = await RunAsync("--host", "fleet.example.org", "--ports", "5100-5101");

        text.ShouldContain("device-agent --server https://fleet.example.org:5100,https://fleet.example.org:5101 --ca-file ca.pem --key-file join.key");
    }

    [Theory]
    [InlineData("--host=")]
    [InlineData("--host=", "--ports=5100-5103")]
    public async Task Init_HostIsEmpty_IsAsWithoutIt(params string[] options)
    {
        var (text, code) = await RunAsync(options);

        code.ShouldBe(0);
        text.ShouldNotContain("device-agent");
    }

    [Theory]
    [InlineData("--host", "not a name")]
    [InlineData("--name", "a/b")]
    [InlineData("--ports", "0")]
    [InlineData("--ports", "5100-5000")]
    [InlineData("--ports", "1-60000")]
    public async Task Init_BadOption_IsRefusedBeforeAnythingIsMade(string option, string value)
    {
        var (_, code) = await RunAsync(option, value);

        code.ShouldNotBe(0);
        Directory.EnumerateFileSystemEntries(_folder).ShouldBeEmpty();
    }

    [Fact]
    public void PortList_OfARange_HasAll() => InitCommand.PortList("5100-5103").ShouldBe([5100, 5101, 5102, 5103]);

    private async Task<(string Output, int Code)> RunAsync(params string[] more)
    {
        using var output = new StringWriter();
        var code = await RootCommandFactory.Create(TimeProvider.System).Parse(["init", "--to", _folder, .. more])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = TextWriter.Null });
        return (output.ToString(), code);
    }
}
