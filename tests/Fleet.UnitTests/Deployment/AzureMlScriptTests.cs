using Fleet.Testing;

namespace Fleet.UnitTests.Deployment;

/// <summary>deploy/azureml/endpoint.sh with an az of our own, which writes down how it is called.</summary>
public sealed class AzureMlScriptTests : IDisposable
{
    private static readonly string _script = Path.Combine(RepositoryPaths.Root, "deploy", "azureml", "endpoint.sh");

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-az-").FullName;

    public AzureMlScriptTests()
    {
        var az = Path.Combine(_folder, "az");
        File.WriteAllText(az, "#!/bin/sh\nprintf '%s|' \"$@\" >>\"$AZ_CALLS\"\nprintf '\\n' >>\"$AZ_CALLS\"\nexit \"${AZ_STATUS:-0}\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(az, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private string Calls => Path.Combine(_folder, "calls");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string> Steps => new()
    {
        { "create-endpoint", "ml|online-endpoint|create|--name|fleet-stt|--file|{folder}/endpoint.yml|" },
        { "create-endpoint --kubernetes", "ml|online-endpoint|create|--name|fleet-stt|--file|{folder}/kubernetes-endpoint.yml|" },
        { "create green", "ml|online-deployment|create|--name|green|--endpoint-name|fleet-stt|--file|{folder}/deployment.yml|" },
        { "--kubernetes create green", "ml|online-deployment|create|--name|green|--endpoint-name|fleet-stt|--file|{folder}/kubernetes-deployment.yml|" },
        { "canary green blue", "ml|online-endpoint|update|--name|fleet-stt|--traffic|blue=90 green=10|" },
        { "canary green blue --percent 25 --endpoint other", "ml|online-endpoint|update|--name|other|--traffic|blue=75 green=25|" },
        { "promote green blue", "ml|online-endpoint|update|--name|fleet-stt|--traffic|green=100 blue=0|" },
        { "promote green", "ml|online-endpoint|update|--name|fleet-stt|--traffic|green=100|" },
        { "rollback blue green", "ml|online-endpoint|update|--name|fleet-stt|--traffic|blue=100 green=0|" },
        { "delete green", "ml|online-deployment|delete|--name|green|--endpoint-name|fleet-stt|--yes|" },
        {
            "delete-endpoint --resource-group r --workspace w",
            "ml|online-endpoint|delete|--name|fleet-stt|--yes|--resource-group|r|--workspace-name|w|"
        },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Step_CallsAzOnce(string arguments, string call)
    {
        var (status, _) = await RunAsync(arguments);

        status.ShouldBe(0);
        (await File.ReadAllLinesAsync(Calls)).ShouldBe([call.Replace("{folder}", Path.GetDirectoryName(_script), StringComparison.Ordinal)]);
        call.Split('|').Where(word => word.EndsWith(".yml", StringComparison.Ordinal))
            .ShouldAllBe(file => File.Exists(file.Replace("{folder}", Path.GetDirectoryName(_script), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Key_AsksForAddressAndKey()
    {
        await RunAsync("key");

        (await File.ReadAllLinesAsync(Calls)).ShouldBe(
        [
            "ml|online-endpoint|show|--name|fleet-stt|--query|scoring_uri|--output|tsv|",
            "ml|online-endpoint|get-credentials|--name|fleet-stt|--query|primaryKey|--output|tsv|",
        ]);
    }

    [Fact]
    public async Task DryRun_PrintsTheCommandAndCallsNothing()
    {
        var (status, lines) = await RunAsync("canary green blue --dry-run");

        status.ShouldBe(0);
        lines.ShouldBe(["az ml online-endpoint update --name fleet-stt --traffic 'blue=90 green=10'"]);
        File.Exists(Calls).ShouldBeFalse();
    }

    [Theory]
    [InlineData("", "endpoint.sh create ")]
    [InlineData("creat green", "there is no step 'creat'")]
    [InlineData("create", "create needs the name of a deployment")]
    [InlineData("canary green", "canary needs two names")]
    [InlineData("canary green green", "two times 'green'")]
    [InlineData("promote green green", "two times 'green'")]
    [InlineData("canary green blue --percent 100", "from 1 to 99")]
    [InlineData("canary green blue --percent 0", "from 1 to 99")]
    [InlineData("create green=100", "'green=100' is no name")]
    [InlineData("create a b c", "'c' is one word too many")]
    [InlineData("delete-endpoint green", "takes no name")]
    [InlineData("create green --endpoint", "--endpoint has no value")]
    [InlineData("create green --fast", "there is no option --fast")]
    public async Task Wrong_IsToldAndNothingIsCalled(string arguments, string message)
    {
        var (status, lines) = await RunAsync(arguments);

        status.ShouldBe(1);
        string.Join('\n', lines).ShouldContain(message);
        File.Exists(Calls).ShouldBeFalse();
    }

    [Fact]
    public async Task AzFails_SoDoesTheScript()
    {
        var (status, _) = await RunAsync("promote green", azStatus: "3");

        status.ShouldBe(3);
    }

    [Fact]
    public async Task Help_HasEveryStepAndFits()
    {
        var (status, lines) = await RunAsync("--help");

        status.ShouldBe(0);
        lines.ShouldAllBe(line => line.Length <= 100);
        foreach (var step in new[] { "create-endpoint", "create ", "canary", "promote", "rollback", "delete ", "delete-endpoint", "key", "--dry-run", "Exit codes:" })
        {
            string.Join('\n', lines).ShouldContain(step);
        }
    }

    private async Task<(int Status, IReadOnlyList<string> Lines)> RunAsync(string arguments, string azStatus = "0")
    {
        await using var program = TestProgram.StartCommand("sh", [_script, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)], new Dictionary<string, string?>
        {
            ["PATH"] = $"{_folder}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}",
            ["AZ_CALLS"] = Calls,
            ["AZ_STATUS"] = azStatus,
        });
        var status = await program.WaitForExitAsync();
        return (status, program.Lines);
    }
}
